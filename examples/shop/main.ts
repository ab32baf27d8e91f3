/**
 * A small shop in two environments:
 *
 *   seatrial synth examples/shop/main.ts --env dev -o -
 *   seatrial plan examples/shop/main.ts --env prod --cluster examples/shop/cluster.ts
 */
import { app } from "seatrial";
import { checkout } from "./checkout.ts";
import { storefront } from "./storefront.ts";
import { team } from "./team.ts";

export interface Size {
  readonly storefronts: number;
  readonly checkouts: number;
  /** CPU that the team may request in all. */
  readonly cpuQuota: `${number}`;
}

const envs = {
  dev: { storefronts: 1, checkouts: 1, cpuQuota: "2" },
  prod: { storefronts: 2, checkouts: 5, cpuQuota: "6" },
} satisfies Record<string, Size>;

export default app({ envs }, ({ env, ...size }) => {
  const namespace = `shop-${env}`;
  return [team(namespace, size), storefront(namespace, size), checkout(namespace, size)];
});
