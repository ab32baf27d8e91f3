/** CNI configurations as files: `/etc/cni/net.d/10-mynet.conflist`. */

/** Registered, so that two copies of this module agree. */
const MARK: unique symbol = Symbol.for("seatrial.dev/cni") as never;

/** Runtimes take the first configuration in the order of the files' names. */
const ORDER_DEFAULT = 10;

export interface FileOptions {
  /** The number before the name, 0 to 99: runtimes take the first file. Default 10. */
  readonly order?: number;
}

interface Mark {
  readonly extension: "conf" | "conflist";
  readonly order: number;
}

/** A CNI configuration made by `NetworkConfig` or `NetworkConfigList`. */
export interface CniConfig {
  readonly cniVersion: string;
  readonly name: string;
}

/** Marks an object as a configuration, in a way that shows in no JSON. */
export function markCniConfig<T extends object>(config: T, extension: Mark["extension"], { order = ORDER_DEFAULT }: FileOptions): T {
  if (!Number.isInteger(order) || order < 0 || order > 99)
    throw new TypeError(`order: a whole number from 0 to 99 is expected, not ${order}`);
  const mark: Mark = { extension, order };
  return Object.defineProperty(config, MARK, { value: mark, enumerable: false });
}

/** Whether a value is a CNI configuration: such go into `.conf` and `.conflist` files, not to the cluster. */
export function isCniConfig(value: unknown): value is CniConfig {
  return typeof value === "object" && value !== null && MARK in value;
}

/** `10-mynet.conf` for a single plugin, `10-mynet.conflist` for a list. */
export function cniFileName(config: CniConfig): string {
  const { extension, order } = (config as { [MARK]?: Mark })[MARK] ?? notOurs();
  return `${String(order).padStart(2, "0")}-${config.name}.${extension}`;
}

/** The file's contents: JSON, two spaces. */
export function cniText(config: CniConfig): string {
  if (!isCniConfig(config)) notOurs();
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

function notOurs(): never {
  throw new TypeError("this is no CNI configuration: make it with NetworkConfig() or NetworkConfigList()");
}
