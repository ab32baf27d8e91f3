/** What is wrong with a CNI configuration, told by the field. @see https://github.com/containernetworking/cni/blob/main/SPEC.md */
import { checkIpam, type IpamContext } from "./check-ipam.ts";
import { checkFields, type Fields, flag, listOf, mapOf, membersOf, oneOf, PLUGIN_FIELDS, refuse, shown } from "./fields.ts";
import type { PluginType } from "./plugins.ts";

type Members = Readonly<Record<string, unknown>>;

/** Versions of the specification whose configurations name one plugin; 1.0.0 has none such. */
export const SINGLE_VERSIONS = ["0.2.0", "0.3.0", "0.3.1", "0.4.0"] as const;
/** Versions of the specification that have lists of plugins. */
export const LIST_VERSIONS = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"] as const;

const VERSIONS: readonly string[] = [...new Set([...SINGLE_VERSIONS, ...LIST_VERSIONS])];
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const CHAINED: readonly string[] = ["portmap", "bandwidth", "firewall", "tuning"];
/** What the runtime adds when it calls a plugin. */
const RESERVED = /^(runtimeConfig|prevResult|cni\.dev\/.*)$/;
const IPAM_TYPES = ["host-local", "static", "dhcp"] as const;

/** On what `otherPlugin` makes. Enumerable, so that it goes along when the plugin is spread; a symbol, so that it shows in no JSON. */
const OTHER: unique symbol = Symbol.for("seatrial.dev/cni-other-plugin") as never;

export function markOther<T extends object>(plugin: T): T {
  return Object.assign(plugin, { [OTHER]: true });
}

export function checkHead(input: Members, versions: readonly string[], instead: string): string {
  const { cniVersion, name } = input;
  if (cniVersion === undefined) refuse("cniVersion", `is missing: one of ${versions.join(", ")}`);
  if (typeof cniVersion !== "string" || !VERSIONS.includes(cniVersion))
    refuse("cniVersion", `there is no version ${shown(cniVersion)} of the specification here: one of ${versions.join(", ")}`);
  if (!versions.includes(cniVersion as string)) refuse("cniVersion", `${cniVersion} ${instead}`);
  if (name === undefined || name === "") refuse("name", "is missing: every network has one");
  if (typeof name !== "string" || !NAME.test(name))
    refuse("name", `${shown(name)} is no network name: a letter or digit, then letters, digits, "_", "." and "-"`);
  return cniVersion as string;
}

const LIST_FIELDS: Fields = { cniVersion: () => {}, name: () => {}, plugins: () => {} };
const LIST_FIELDS_040: Fields = { ...LIST_FIELDS, disableCheck: flag };
const LIST_FIELDS_110: Fields = {
  ...LIST_FIELDS_040,
  cniVersions: listOf(oneOf(...VERSIONS)),
  disableGC: flag,
  loadOnlyInlinedPlugins: flag,
};

export function checkList(input: Members): void {
  const cniVersion = checkHead(input, LIST_VERSIONS, "has no lists of plugins: they came with 0.3.0; use NetworkConfig");
  const fields = cniVersion === "1.1.0" ? LIST_FIELDS_110 : cniVersion < "0.4.0" ? LIST_FIELDS : LIST_FIELDS_040;
  checkFields(input, "", fields);
  const { plugins } = input;
  if (!Array.isArray(plugins) || plugins.length === 0) refuse("plugins", `a list of plugins is expected, not ${shown(plugins)}`);
  for (const [i, plugin] of (plugins as unknown[]).entries()) {
    const members = membersOf(plugin, `plugins[${i}]`);
    for (const name of ["name", "cniVersion"])
      if (members[name] !== undefined) refuse(`plugins[${i}].${name}`, "belongs to the list, not to a plugin");
    checkPlugin(members, `plugins[${i}]`, cniVersion, i === 0 ? "first" : "chained");
  }
}

export function checkSingle(input: Members): void {
  const cniVersion = checkHead(input, SINGLE_VERSIONS, "has no configurations of a single plugin any more; use NetworkConfigList");
  const { cniVersion: _version, name: _name, ...plugin } = input;
  checkPlugin(plugin, "", cniVersion, "single");
}

function checkPlugin(plugin: Members, field: string, cniVersion: string, place: "first" | "chained" | "single"): void {
  const at = (name: string): string => (field === "" ? name : `${field}.${name}`);
  const { type } = plugin;
  if (typeof type !== "string" || type === "") refuse(at("type"), "is missing: the name of the plugin's program");
  if (/[/\\]/.test(type)) refuse(at("type"), `${shown(type)} is the name of a program, not a path`);
  for (const name of Object.keys(plugin)) if (RESERVED.test(name)) refuse(at(name), "is the runtime's: it has no place in a configuration");
  if (OTHER in plugin) return;
  const known = Object.hasOwn(PLUGIN_FIELDS, type) ? PLUGIN_FIELDS[type as PluginType] : undefined;
  if (!known)
    refuse(
      at("type"),
      `there is no plugin ${shown(type)} here: one of ${Object.keys(PLUGIN_FIELDS).join(", ")}, or otherPlugin({ type: ${shown(type)}, ... })`,
    );
  if (CHAINED.includes(type) && place !== "chained")
    refuse(at("type"), `${type} changes an interface that another plugin has made: it comes after one in a NetworkConfigList`);
  checkFields(plugin, field, { type: () => {}, capabilities: mapOf(flag), ...(known as Fields) });
  checkTogether(plugin, at, cniVersion);
}

/** What no field says alone. */
function checkTogether(plugin: Members, at: (name: string) => string, cniVersion: string): void {
  const { type, ipam } = plugin;
  const capabilities = (plugin["capabilities"] ?? {}) as Members;
  const context: IpamContext = { cniVersion, runtimeRanges: capabilities["ipRanges"] === true };
  if (type === "calico" && ipam !== undefined) checkIpam(ipam, at("ipam"), ["calico-ipam", "host-local"], context);
  else if (ipam !== undefined && type !== "flannel") checkIpam(ipam, at("ipam"), IPAM_TYPES, context);
  if (type === "ptp" && ipam === undefined) refuse(at("ipam"), "is missing: ptp routes addresses");
  if (type === "bridge") {
    if (plugin["hairpinMode"] === true && plugin["promiscMode"] === true)
      refuse(at("promiscMode"), "does not go together with hairpinMode");
    if (plugin["disableContainerInterface"] === true && ipam !== undefined)
      refuse(at("ipam"), "does not go together with disableContainerInterface");
  }
  if (type === "portmap" && plugin["markMasqBit"] !== undefined && plugin["externalSetMarkChain"] !== undefined)
    refuse(at("markMasqBit"), "does not go together with externalSetMarkChain");
  if (type === "bandwidth")
    for (const way of ["ingress", "egress"]) {
      const [rate, burst] = [plugin[`${way}Rate`] ?? 0, plugin[`${way}Burst`] ?? 0];
      if ((rate === 0) !== (burst === 0))
        refuse(at(`${way}${rate === 0 ? "Rate" : "Burst"}`), "is missing: a rate and its burst go together");
    }
}
