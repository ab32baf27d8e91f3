/** The teams of the cluster, and how much each may ask for. */
export interface Team {
  readonly name: string;
  /** Its people, as the identity provider calls them. */
  readonly group: string;
  readonly cpu: `${number}`;
  readonly memory: `${number}Gi`;
  /** Namespaces whose Pods may call this team's. */
  readonly callers: readonly string[];
}

export const teams: readonly Team[] = [
  { name: "payments", group: "payments-developers", cpu: "3", memory: "8Gi", callers: ["storefront"] },
  { name: "storefront", group: "storefront-developers", cpu: "2", memory: "4Gi", callers: [] },
];
