/**
 * Typed CNI configuration: `import { NetworkConfigList } from "seatrial/cni"`.
 *
 * Mistakes show in the editor as far as types can tell; the rest is thrown as a TypeError that names the field. `seatrial synth` writes
 * `.conf` and `.conflist` files.
 * @see https://github.com/containernetworking/cni/blob/main/SPEC.md
 */
import { located } from "../api/construct.ts";
import { checkList, checkSingle, type LIST_VERSIONS, markOther, type SINGLE_VERSIONS } from "./cni/check.ts";
import { membersOf } from "./cni/fields.ts";
import { type CniConfig, type FileOptions, markCniConfig } from "./cni/file.ts";
import type { InterfacePlugin, OtherPlugin, Plugin } from "./cni/plugins.ts";

export { type CniConfig, cniFileName, cniText, type FileOptions, isCniConfig } from "./cni/file.ts";
export type * from "./cni/ipam.ts";
export type * from "./cni/plugins.ts";

interface ListInput {
  /** The network's name: unique on a node; letters, digits, `_`, `.` and `-`. */
  readonly name: string;
  /** In the order in which they are called: the first makes the interface, the others change it. */
  readonly plugins: readonly [InterfacePlugin, ...Plugin[]];
}

/** Lists came with 0.3.0, `disableCheck` with 0.4.0, the others with 1.1.0. */
export type NetworkConfigListInput =
  | (ListInput & { readonly cniVersion: "0.3.0" | "0.3.1" })
  | (ListInput & { readonly cniVersion: "0.4.0" | "1.0.0"; readonly disableCheck?: boolean })
  | (ListInput & {
      readonly cniVersion: "1.1.0";
      /** Other versions that the configuration suits. */
      readonly cniVersions?: readonly (typeof LIST_VERSIONS)[number][];
      /** The runtime must not call CHECK. */
      readonly disableCheck?: boolean;
      /** The runtime must not call GC. */
      readonly disableGC?: boolean;
      /** Plugins from elsewhere are not added; default false. */
      readonly loadOnlyInlinedPlugins?: boolean;
    });

/** Configurations of a single plugin: until 0.4.0. */
export type NetworkConfigInput = { readonly cniVersion: (typeof SINGLE_VERSIONS)[number]; readonly name: string } & InterfacePlugin;

/**
 * A list of plugins, as `NN-NAME.conflist`.
 * @throws TypeError that names the field
 */
export function NetworkConfigList(input: NetworkConfigListInput, options: FileOptions = {}): NetworkConfigListInput & CniConfig {
  checkList(membersOf(input, "NetworkConfigList"));
  const { cniVersion, name, plugins, ...rest } = input;
  const { cniVersions, ...more } = rest as { readonly cniVersions?: readonly string[] };
  const config = { cniVersion, ...(cniVersions ? { cniVersions } : {}), name, ...more, plugins } as NetworkConfigListInput;
  return located(markCniConfig(config, "conflist", options));
}

/**
 * A single plugin, as `NN-NAME.conf`.
 * @throws TypeError that names the field
 */
export function NetworkConfig(input: NetworkConfigInput, options: FileOptions = {}): NetworkConfigInput & CniConfig {
  checkSingle(membersOf(input, "NetworkConfig"));
  const { cniVersion, name, type, ...rest } = input;
  return located(markCniConfig({ cniVersion, name, type, ...rest } as NetworkConfigInput, "conf", options));
}

/**
 * A plugin that is not known here, with whatever fields it takes: they are not looked at.
 * @throws TypeError when it has no type
 */
export function otherPlugin(plugin: { readonly type: string; readonly [field: string]: unknown }): OtherPlugin {
  const members = membersOf(plugin, "otherPlugin");
  if (typeof members["type"] !== "string" || members["type"] === "")
    throw new TypeError("otherPlugin: type is missing: the name of the plugin's program");
  return markOther({ ...members }) as object as OtherPlugin;
}
