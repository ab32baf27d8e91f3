/** Colors of a terminal, only when asked for. */

export type Color = "red" | "green" | "yellow" | "cyan" | "dim" | "bold";
export type Paint = (color: Color, text: string) => string;

const CODES: Readonly<Record<Color, readonly [number, number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  dim: [2, 22],
  bold: [1, 22],
};

export function painter(colors: boolean): Paint {
  if (!colors) return (_, text) => text;
  return (color, text) => (text === "" ? "" : `\u001b[${CODES[color][0]}m${text}\u001b[${CODES[color][1]}m`);
}
