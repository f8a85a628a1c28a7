// Files of the project, and the README's code blocks with the answers that stand under them.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const HERE = fileURLToPath(new URL('./', import.meta.url));

/** The text of a file of the project. */
export const read = path => readFileSync(ROOT + path, 'utf8');

/** The lines of a list, without its comments. */
export const readList = path => read(path).split('\n').filter(line => line !== '' && !line.startsWith('#'));

/**
 * The code blocks of a Markdown text, in order: language, text, the file name that a first line `// NAME` gives, and the answer, which
 * is the block of JSON or text that follows with nothing between.
 */
export function readBlocks(markdown) {
  const found = [...markdown.matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
  const end = block => block.index + block[0].length;
  return found.map((block, at) => {
    const [, language, text] = block;
    const next = found[at + 1];
    const isAnswered = next && ['json', 'text'].includes(next[1]) && markdown.slice(end(block), next.index).trim() === '';
    return { language, text, name: text.match(/^\/\/ (\S+)\n/)?.[1], answer: isAnswered ? next[2] : undefined };
  });
}
