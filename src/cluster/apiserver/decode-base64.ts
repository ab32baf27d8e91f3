/** Base64 as Go's encoding/base64 (StdEncoding) reads it. @see Go encoding/base64 decodeQuantum */

const ALPHABET = /[A-Za-z0-9+/]/;

/** The text without line ends, or the offset at which Go says that it is illegal. */
export function readBase64(text: string): { readonly text: string } | { readonly illegalAt: number } {
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return { text };
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === "\n" || c === "\r") continue;
    if (ALPHABET.test(c)) {
      digits = (digits + 1) % 4;
      continue;
    }
    if (c !== "=" || digits < 2) return { illegalAt: i };
    return readPadding(text, i, digits);
  }
  // Input ends inside a group of four: Go points at the group's first character that it could not use.
  return digits === 0 ? { text: text.replace(/[\r\n]/g, "") } : { illegalAt: text.length - digits };
}

/** After the first `=`: a second one where the group has two digits, then nothing. */
function readPadding(text: string, at: number, digits: number): { readonly text: string } | { readonly illegalAt: number } {
  let i = at + 1;
  const skip = (): void => {
    while (text[i] === "\n" || text[i] === "\r") i++;
  };
  skip();
  if (digits === 2) {
    if (i >= text.length) return { illegalAt: text.length };
    if (text[i] !== "=") return { illegalAt: i };
    i++;
    skip();
  }
  return i < text.length ? { illegalAt: i } : { text: text.replace(/[\r\n]/g, "") };
}
