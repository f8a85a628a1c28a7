// The GraphiQL page: keeps the token, opens the example tabs, and says what to do when there is no token.
'use strict';

(() => {
  const KEY = 'deskgraph-token';
  const url = new URL('graphql', document.baseURI);
  const byId = (id) => document.getElementById(id);
  const [hint, who, input] = [byId('hint'), byId('who'), byId('token')];
  const examples = JSON.parse(byId('examples').textContent);

  // The link that `serve` prints carries the token behind the #, which browsers never send; it does not stay in the address bar.
  const takeFromLink = () => {
    const given = new URLSearchParams(location.hash.slice(1)).get('token');
    if (given) {
      sessionStorage.setItem(KEY, given);
      history.replaceState(null, '', location.pathname + location.search);
    }
    return given;
  };
  takeFromLink();
  let token = sessionStorage.getItem(KEY) ?? '';
  input.value = token;

  const say = (...parts) => {
    hint.replaceChildren(...parts);
    hint.hidden = parts.length === 0;
  };
  const code = (text) => Object.assign(document.createElement('code'), { textContent: text });
  const judge = (status, answer) => {
    if (status !== 401) return say();
    const reason = answer?.errors?.[0]?.message ?? 'no token was accepted';
    if (token) return say(`This token is not accepted: ${reason}.`);
    say('No data yet: the graph needs a token. Open the link that ', code('deskgraph serve --demo'), ' prints, or make one with ',
      code('deskgraph token --workspace ID --role admin'), ' and paste it above.');
  };

  const ask = async (parameters, headers) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      body: JSON.stringify(parameters),
    });
    const answer = await response.json();
    judge(response.status, answer);
    return answer;
  };
  const fetcher = (parameters, options) => ask(parameters, options?.headers);

  const showWho = async () => {
    const query = 'query Who { viewer { subject role workspace { name } } }';
    const viewer = (await ask({ query }).catch(() => null))?.data?.viewer;
    who.textContent = viewer ? `${viewer.subject} · ${viewer.role.toLowerCase()} of ${viewer.workspace.name}` : '';
  };

  const root = ReactDOM.createRoot(byId('graphiql'));
  // A new key makes a new editor, which reads the schema again with the new token. Tabs are kept in the browser's storage.
  const open = () => {
    root.render(React.createElement(GraphiQL, {
      key: token,
      fetcher,
      defaultTabs: examples,
      defaultEditorToolsVisibility: false,
      shouldPersistHeaders: false,
    }));
    showWho();
  };
  const use = (text) => {
    token = text.trim().replace(/^bearer\s+/i, '');
    if (token) sessionStorage.setItem(KEY, token);
    else sessionStorage.removeItem(KEY);
    input.value = token;
    open();
  };

  byId('token-form').addEventListener('submit', (event) => {
    event.preventDefault();
    use(input.value);
  });
  window.addEventListener('hashchange', () => {
    const given = takeFromLink();
    if (given) use(given);
  });
  byId('forget').addEventListener('click', () => use(''));
  open();
})();
