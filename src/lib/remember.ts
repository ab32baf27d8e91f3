/** Texts that are read again and again: addresses, images, schedules. */

/** Longer texts are read each time. */
const TEXT_LENGTH_MAX = 256;
/** Of one function, texts remembered at most; then it begins anew. */
const TEXTS_MAX = 10_000;

/** As `read`, which depends on its text alone, and remembers what it gave. The results are shared: never changed. */
export function remember<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined || known.has(text)) return found as T;
    const result = read(text);
    if (text.length > TEXT_LENGTH_MAX) return result;
    if (known.size >= TEXTS_MAX) known.clear();
    known.set(text, result);
    return result;
  };
}
