/** Base64 as a Secret's `data` has it. */

/** The text that was encoded; nothing when it is no base64 or no UTF-8 text. */
export function decodeBase64(text: string): string | undefined {
  try {
    const binary = atob(text.replace(/\s+/g, ""));
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(binary, (c) => c.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
