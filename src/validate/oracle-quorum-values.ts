/**
 * Reference values of quorum systems with their relative errors: losses survived, minimal quorums, loads and capacities of
 * the best strategy (each node one request a second) at four shares of reads, and unavailability with independent nodes
 * that are down with probability p. Computed by enumeration in exact fractions.
 */
export const QUORUM_ORACLES: { readonly [scenario: string]: { readonly [name: string]: readonly [number, number] } } = {
  'F14-a-majority3': {
    read_resilience: [1, 1e-12],
    write_resilience: [1, 1e-12],
    resilience: [1, 1e-12],
    read_quorums: [3, 1e-12],
    write_quorums: [3, 1e-12],
    load_read_fraction_0: [0.6666666666666666, 1e-12],
    capacity_read_fraction_0: [1.5, 1e-12],
    'load_read_fraction_1/4': [0.6666666666666666, 1e-12],
    'capacity_read_fraction_1/4': [1.5, 1e-12],
    'load_read_fraction_1/2': [0.6666666666666666, 1e-12],
    'capacity_read_fraction_1/2': [1.5, 1e-12],
    load_read_fraction_1: [0.6666666666666666, 1e-12],
    capacity_read_fraction_1: [1.5, 1e-12],
    'read_unavailability_p0.01': [0.000298, 1e-12],
    'write_unavailability_p0.01': [0.000298, 1e-12],
    'read_and_write_unavailability_p0.01': [0.000298, 1e-12],
    'read_unavailability_p0.1': [0.028, 1e-12],
    'write_unavailability_p0.1': [0.028, 1e-12],
    'read_and_write_unavailability_p0.1': [0.028, 1e-12],
  },
  'F14-a-grid2x3': {
    read_resilience: [1, 1e-12],
    write_resilience: [2, 1e-12],
    resilience: [1, 1e-12],
    read_quorums: [2, 1e-12],
    write_quorums: [9, 1e-12],
    load_read_fraction_0: [0.3333333333333333, 1e-12],
    capacity_read_fraction_0: [3, 1e-12],
    'load_read_fraction_1/4': [0.375, 1e-12],
    'capacity_read_fraction_1/4': [2.6666666666666665, 1e-12],
    'load_read_fraction_1/2': [0.4166666666666667, 1e-12],
    'capacity_read_fraction_1/2': [2.4, 1e-12],
    load_read_fraction_1: [0.5, 1e-12],
    capacity_read_fraction_1: [2, 1e-12],
    'read_unavailability_p0.01': [0.000882149401, 1e-12],
    'write_unavailability_p0.01': [1.999999e-6, 1e-12],
    'read_and_write_unavailability_p0.01': [0.000884089999, 1e-12],
    'read_unavailability_p0.1': [0.073441, 1e-12],
    'write_unavailability_p0.1': [0.001999, 1e-12],
    'read_and_write_unavailability_p0.1': [0.074899, 1e-12],
  },
}
