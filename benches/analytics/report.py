"""The table that is printed."""


class Report:
    """Rows of the table for one size."""

    def __init__(self, cases):
        self.cases, self.rows, self.notes = cases, [], []

    def note(self, text):
        """Says something at once, and again under the table."""
        print(f"[{self.cases} cases] {text}", flush=True)
        self.notes.append(text)

    def add(self, name, ours, theirs, wanted, is_met):
        """A row, said at once."""
        row = f"| {name} | {ours} | {theirs} | {wanted} | {'yes' if is_met else 'NO'} |"
        print(row, flush=True)
        self.rows.append(row)

    def ratios(self, name, ours, *others):
        """Ours against others, each with the ratio that it must and should have."""
        parts = [f"{who} {1e3 * seconds:.2f} ms, {seconds / ours:.1f}×" for seconds, _, _, who in others]
        wanted = [f"{who} {must}× ({aim}×)" for _, must, aim, who in others if must]
        is_met = all(seconds / ours >= must for seconds, must, _, _ in others if must)
        self.add(name, f"{1e3 * ours:.2f} ms", "; ".join(parts), "; ".join(wanted), is_met)

    def at_most(self, name, ours, ratio, must, aim, other):
        """Ours in multiples of something."""
        self.add(name, f"{1e3 * ours:.2f} ms", f"{other}, {ratio:.2f}×", f"at most {must}× ({aim}×)", ratio <= must)

    def within(self, name, seconds, must, aim):
        """A time that has a bound of its own."""
        self.add(name, f"{1e3 * seconds:.1f} ms", "", f"{1e3 * must:.0f} ms ({1e3 * aim:.0f} ms)", seconds <= must)

    def bytes(self, name, held, must, aim):
        """Memory."""
        self.add(name, f"{held:.0f} bytes", "", f"{must} bytes ({aim})", held <= must)

    def shares(self, ours, plain):
        """Requests a second, of the gateway and of a plain handler."""
        if ours:
            self.add("{ viewer { subject } } at 16 connections", f"{ours:.0f}/s", f"plain handler {plain:.0f}/s, {100 * ours / plain:.0f} %", "80 % (90 %)", ours / plain >= 0.8)

    def show(self):
        """Prints the whole."""
        print(f"\n{self.cases} cases\n\n| what | ours | theirs | must (aim) | met |\n|---|---|---|---|---|")
        print(*self.rows, *(f"- {note}" for note in self.notes), sep="\n", flush=True)
