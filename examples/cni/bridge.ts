/** The classic: a bridge on each node, addresses from one range, everything else masqueraded. `seatrial synth` writes 10-mynet.conf. */
import { type CniConfig, NetworkConfig } from "seatrial/cni";

const mynet: CniConfig = NetworkConfig({
  cniVersion: "0.2.0",
  name: "mynet",
  type: "bridge",
  bridge: "cni0",
  isGateway: true,
  ipMasq: true,
  ipam: {
    type: "host-local",
    subnet: "10.22.0.0/16",
    routes: [{ dst: "0.0.0.0/0" }],
  },
});

export default mynet;
