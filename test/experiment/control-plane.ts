/** An experiment on a stacked control plane behind two balancers, as text. */
export const controlPlane = (run: string, failures = '', every = 'exponential(2000h)'): string => `
model:
  name: control-plane
  nodes: { control-plane: { count: 3 }, balancer: { count: 2 } }
  etcd: { on: control-plane, version: "3.5" }
  api-server: { on: control-plane, etcd: local }
  load-balancer:
    { on: balancer, kind: haproxy, check: { path: /readyz, inter: 2s, fall: 3, rise: 2 }, address: { kind: keepalived } }
  failures:
    node: { every: "${every}", lasts: "lognormal(mean 4h, sigma 1)" }
${failures}
services: [write, etcd]
run: ${run}
`
