/** User texts in Markdown that stay what they are: no table is broken, no HTML, link, mention or heading comes into being. */

/** Inline text. Character references, because they hold in every position; a line end becomes a blank. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, " ")
    .replace(/[&<>@#|`*_~[\]\\]/g, (c) => `&#${c.charCodeAt(0)};`)
    .replace(/:\/\//g, "&#58;//")
    .replace(/\bwww\./gi, (w) => `${w.slice(0, -1)}&#46;`)
    .replace(/^(\s*)([-+=](?=[-+=\s]|$)|\d+[.)](?=\s|$))/, (_, blank: string, m: string) => `${blank}&#${m.charCodeAt(0)};${m.slice(1)}`);
}

/** Code in a line; in a table too, where a bar must not end the cell. */
export function codeSpan(text: string): string {
  if (text === "") return "";
  const clean = text.replace(/[\r\n]+/g, " ").replace(/\|/g, "\\|");
  const longest = longestRun(clean);
  const marks = "`".repeat(longest + 1);
  const gap = longest > 0 || clean.startsWith(" ") || clean.endsWith(" ") ? " " : "";
  return `${marks}${gap}${clean}${gap}${marks}`;
}

/** The marks around a block of these lines: longer than any in them. */
export function fence(lines: readonly string[]): string {
  return "`".repeat(Math.max(3, lines.reduce((most, line) => Math.max(most, longestRun(line)), 0) + 1));
}

function longestRun(text: string): number {
  let most = 0;
  for (const run of text.match(/`+/g) ?? []) most = Math.max(most, run.length);
  return most;
}

/** One row of a table; the cells are Markdown already. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
