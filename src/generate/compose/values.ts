/** The short forms of Compose: ports, volumes, durations, sizes, commands. @see https://github.com/compose-spec/compose-spec/blob/main/spec.md */

export type Fields = Readonly<Record<string, unknown>>;

export function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

export interface Port {
  /** In the container. */
  readonly target: number;
  readonly published?: number | undefined;
  readonly protocol: "TCP" | "UDP";
}

/** `8080:80/udp`, `127.0.0.1:8080:80`, `3000-3002`, `{ target, published, protocol }`; undefined for what is no port. */
export function portsOf(value: unknown): readonly Port[] | undefined {
  if (isMap(value)) {
    const target = Number(value["target"]);
    const published = value["published"] === undefined ? undefined : Number(value["published"]);
    if (!isPort(target) || (published !== undefined && !isPort(published))) return undefined;
    return [{ target, published, protocol: protocolOf(value["protocol"]) }];
  }
  const match = /^(?:(?:\[[^\]]*\]|\d+(?:\.\d+){3}):)?(?:(\d+)(?:-(\d+))?:)?(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(String(value));
  if (!match) return undefined;
  const [, publishedFrom, publishedTo, from, to, protocol] = match;
  const first = Number(from);
  const count = (to === undefined ? first : Number(to)) - first + 1;
  const publishedFirst = publishedFrom === undefined ? undefined : Number(publishedFrom);
  const sameLength = publishedTo === undefined ? count === 1 : Number(publishedTo) - publishedFirst! + 1 === count;
  if (count < 1 || count > 100 || !isPort(first + count - 1) || (publishedFirst !== undefined && !sameLength)) return undefined;
  return Array.from({ length: count }, (_, i) => ({
    target: first + i,
    published: publishedFirst === undefined ? undefined : publishedFirst + i,
    protocol: protocolOf(protocol),
  }));
}

function isPort(n: number): boolean {
  return Number.isInteger(n) && n >= 1 && n <= 65535;
}

function protocolOf(value: unknown): "TCP" | "UDP" {
  return String(value).toLowerCase() === "udp" ? "UDP" : "TCP";
}

export interface Volume {
  readonly type: "volume" | "bind" | "tmpfs" | string;
  readonly source?: string | undefined;
  readonly target: string;
  readonly readOnly: boolean;
}

/** `data:/var/lib`, `./conf:/etc/conf:ro`, `/cache`, `{ type, source, target, read_only }`. */
export function volumeOf(value: unknown): Volume | undefined {
  if (isMap(value)) {
    if (typeof value["target"] !== "string") return undefined;
    const source = typeof value["source"] === "string" ? value["source"] : undefined;
    return { type: String(value["type"] ?? "volume"), source, target: value["target"], readOnly: value["read_only"] === true };
  }
  const parts = String(value).split(":");
  if (parts.length === 1) return { type: "volume", target: parts[0]!, readOnly: false };
  const [source = "", target = "", mode = ""] = parts;
  return { type: /^[./~$]/.test(source) ? "bind" : "volume", source, target, readOnly: mode.split(",").includes("ro") };
}

/** `1m30s`, `500ms`, `10` → seconds, rounded up; undefined for what is no duration. */
export function secondsOf(value: unknown): number | undefined {
  if (typeof value === "number") return Math.ceil(value);
  const match = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?(?:(\d+)us)?$/.exec(String(value));
  if (!match || match[0] === "") return undefined;
  const [, h = "0", m = "0", s = "0", ms = "0"] = match;
  return Math.max(1, Math.ceil(Number(h) * 3600 + Number(m) * 60 + Number(s) + Number(ms) / 1000));
}

const BYTE_UNITS: Readonly<Record<string, string>> = { b: "", k: "Ki", kb: "Ki", m: "Mi", mb: "Mi", g: "Gi", gb: "Gi" };

/** `512m`, `1gb`, `1048576` → a quantity. Compose counts in powers of 1024. */
export function bytesOf(value: unknown): string | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(String(value).toLowerCase());
  const unit = match ? BYTE_UNITS[match[2] === "" ? "b" : match[2]!] : undefined;
  return match && unit !== undefined ? `${match[1]}${unit}` : undefined;
}

/** A command as words: as a shell splits it, quotes and backslashes included. */
export function wordsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  const words: string[] = [];
  for (const match of String(value).matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs))
    words.push(
      match[0].replace(
        /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
        (_, c, double, single) => c ?? double?.replace(/\\(["\\$`])/g, "$1") ?? single ?? "",
      ),
    );
  return words;
}

/** `["A=1", "B"]` or `{ A: 1, B: null }`; a name without a value has `null`. */
export function entriesOf(value: unknown): readonly (readonly [string, string | null])[] {
  if (isMap(value)) return Object.entries(value).map(([key, v]) => [key, v === null || v === undefined ? null : String(v)] as const);
  return listOf(value).map((item) => {
    const text = String(item);
    const at = text.indexOf("=");
    return at < 0 ? ([text, null] as const) : ([text.slice(0, at), text.slice(at + 1)] as const);
  });
}

/** A name that Kubernetes takes for a Service. */
export function dnsName(name: string): string {
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .replace(/-+$/, "")
    .slice(0, 63);
  return label === "" ? "service" : label;
}
