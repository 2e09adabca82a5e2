/** Haverkort, Hermanns and Katoen's cluster (SRDS 2000): a part of it published (premium for 2 and 4), the rest computed from the published rates by an independent solver. Times in hours. */
export const WORKSTATIONS = [
  {
    perSide: 2,
    premium: 0.999961533562362,
    notMinimum: 2.339823365629e-6,
    operational: 99.8755893462,
    times: [
      { hours: 20, by: 9.0414367051e-6, at: 2.2015999273e-6, lost: 2.729209664e-5, repairs: 0.16532723 },
      { hours: 85, by: 4.6749066639e-5, at: 2.3396674217e-6, lost: 0.00017843225014, repairs: 0.72994343 },
      { hours: 2000, by: 0.0011583955753, at: 2.3398233648e-6, lost: 0.0046591924055, repairs: 17.36977828 },
    ],
  },
  {
    perSide: 4,
    premium: 0.99992124085138,
    notMinimum: 3.701129861877e-6,
    operational: 99.8750782082,
    times: [
      { hours: 20, by: 1.3126420637e-5, at: 3.3217068595e-6, lost: 3.8478292826e-5, repairs: 0.32015108 },
      { hours: 85, by: 7.235048335e-5, at: 3.6999894307e-6, lost: 0.00027549489062, repairs: 1.40408113 },
      { hours: 2000, by: 0.0018221051491, at: 3.7011298649e-6, lost: 0.0073631468711, repairs: 33.34469884 },
    ],
  },
  {
    perSide: 8,
    premium: 0.999833069267417,
    notMinimum: 2.427606481113e-6,
    operational: 99.8740422496,
    times: [
      { hours: 20, by: 8.9232789146e-6, at: 2.2103176291e-6, lost: 2.6919902966e-5, repairs: 0.62967141 },
      { hours: 85, by: 4.7476125398e-5, at: 2.4263743549e-6, lost: 0.00018249964313, repairs: 2.752211 },
      { hours: 2000, by: 0.0011872320208, at: 2.4276064814e-6, lost: 0.0048313524539, repairs: 65.29391619 },
    ],
  },
  {
    perSide: 16,
    premium: 0.999645088860333,
    notMinimum: 2.112648219373e-6,
    operational: 99.8719138589,
    times: [
      { hours: 20, by: 8.2607236914e-6, at: 1.9917213082e-6, lost: 2.5177625711e-5, repairs: 1.24818669 },
      { hours: 85, by: 4.2106980442e-5, at: 2.1116245012e-6, lost: 0.00016138595698, repairs: 5.4478702 },
      { hours: 2000, by: 0.0010409514887, at: 2.1126482191e-6, lost: 0.0042070945092, repairs: 129.18977652 },
    ],
  },
] as const

/** Of larger ones the middles of published intervals, and half their widths (Storm, as kept in the Quantitative Verification Benchmark Set). */
export const WORKSTATIONS_LARGE = {
  hoursBelow: { perSide: 64, hours: 2000, lost: 0.00421944377, half: 1e-10 },
  notPremium: { perSide: 128, lost: 0.0020621089002, half: 1e-10 },
} as const

/** Binomial: probability that no majority of independent members is up. */
export const INDEPENDENT = [
  { down: 0.0001, members: 1, lost: 0.0001 },
  { down: 0.0001, members: 2, lost: 0.00019999 },
  { down: 0.0001, members: 3, lost: 2.9998e-8 },
  { down: 0.0001, members: 4, lost: 5.9992e-8 },
  { down: 0.0001, members: 5, lost: 9.9985e-12 },
  { down: 0.0001, members: 6, lost: 1.99955e-11 },
  { down: 0.0001, members: 7, lost: 3.49916e-15 },
  { down: 0.0001, members: 9, lost: 1.25958e-18 },
  { down: 0.01, members: 1, lost: 0.01 },
  { down: 0.01, members: 2, lost: 0.0199 },
  { down: 0.01, members: 3, lost: 0.000298 },
  { down: 0.01, members: 4, lost: 0.00059203 },
  { down: 0.01, members: 5, lost: 9.8506e-6 },
  { down: 0.01, members: 6, lost: 1.955359e-5 },
  { down: 0.01, members: 7, lost: 3.416698e-7 },
  { down: 0.01, members: 9, lost: 1.218537e-8 },
  { down: 0.08, members: 1, lost: 0.08 },
  { down: 0.08, members: 2, lost: 0.1536 },
  { down: 0.08, members: 3, lost: 0.018176 },
  { down: 0.08, members: 4, lost: 0.034427 },
  { down: 0.08, members: 5, lost: 0.004525261 },
  { down: 0.08, members: 6, lost: 0.008512143 },
  { down: 0.08, members: 7, lost: 0.001176279 },
  { down: 0.08, members: 9, lost: 0.0003135819 },
] as const

/** Birth and death: MTTF 2000 h, MTTR 4 h, a majority needed; `first` in hours from all up. */
export const REPAIRABLE = [
  { members: 1, crews: 1, lost: 0.001996008, first: 2000 },
  { members: 2, crews: 1, lost: 0.003992, first: 1000 },
  { members: 2, crews: 2, lost: 0.003988032, first: 1000 },
  { members: 3, crews: 1, lost: 2.3904e-5, first: 168333 },
  { members: 3, crews: 3, lost: 1.193624e-5, first: 168333 },
  { members: 4, crews: 1, lost: 4.780762e-5, first: 84500 },
  { members: 4, crews: 4, lost: 2.384072e-5, first: 84500 },
  { members: 5, crews: 1, lost: 4.771143e-7, first: 8468230.0 },
  { members: 5, crews: 5, lost: 7.928401e-8, first: 16884900.0 },
  { members: 7, crews: 1, lost: 1.333205e-8, first: 304275000.0 },
  { members: 7, crews: 7, lost: 5.528855e-10, first: 1815720000.0 },
] as const

/** As before with own crews, a share of each member's failures being one shared event with one repair. */
export const COMMON_CAUSE = [
  { beta: 0.01, members: 1, lost: 0.001996047 },
  { beta: 0.01, members: 3, lost: 3.16987e-5 },
  { beta: 0.01, members: 5, lost: 2.007653e-5 },
  { beta: 0.01, members: 7, lost: 2.000013e-5 },
  { beta: 0.02, members: 1, lost: 0.001996086 },
  { beta: 0.02, members: 3, lost: 5.146273e-5 },
  { beta: 0.02, members: 5, lost: 4.007303e-5 },
  { beta: 0.02, members: 7, lost: 3.999891e-5 },
  { beta: 0.05, members: 1, lost: 0.001996197 },
  { beta: 0.05, members: 3, lost: 0.0001107642 },
  { beta: 0.05, members: 5, lost: 0.000100058 },
  { beta: 0.05, members: 7, lost: 9.999045e-5 },
  { beta: 0.1, members: 1, lost: 0.001996367 },
  { beta: 0.1, members: 3, lost: 0.0002096316 },
  { beta: 0.1, members: 5, lost: 0.0002000178 },
  { beta: 0.1, members: 7, lost: 0.0001999604 },
] as const

/** Villén-Altamirano's database in FIG's lay-out, unavailability from exact sums of bad states. */
export const DATABASE = [
  { redundancy: 2, mttf: 2000, lost: 4.494745798e-6 },
  { redundancy: 2, mttf: 4000, lost: 1.124343487e-6 },
  { redundancy: 2, mttf: 8000, lost: 2.811679523e-7 },
  { redundancy: 2, mttf: 16000, lost: 7.030224506e-8 },
  { redundancy: 3, mttf: 2000, lost: 7.768202907e-10 },
  { redundancy: 3, mttf: 4000, lost: 9.716235285e-11 },
  { redundancy: 3, mttf: 8000, lost: 1.214903512e-11 },
  { redundancy: 3, mttf: 16000, lost: 1.51886328e-12 },
  { redundancy: 4, mttf: 2000, lost: 1.009403031e-13 },
  { redundancy: 4, mttf: 4000, lost: 6.312951972e-15 },
  { redundancy: 4, mttf: 8000, lost: 3.946903039e-16 },
  { redundancy: 4, mttf: 16000, lost: 2.467223302e-17 },
  { redundancy: 5, mttf: 2000, lost: 1.096459344e-17 },
  { redundancy: 5, mttf: 4000, lost: 3.428841675e-19 },
  { redundancy: 5, mttf: 8000, lost: 1.071889242e-20 },
  { redundancy: 5, mttf: 16000, lost: 3.350241916e-22 },
] as const

/** Closed forms of the mean time to data loss (Chen et al., ACM Computing Surveys 26, 1994, and its exact chain); hours. */
export const RAID = [
  { disks: 8, tolerates: 1, mttf: 1000000.0, mttr: 24, serial: false, hours: 744315000.0 },
  { disks: 8, tolerates: 2, mttf: 1000000.0, mttr: 24, serial: true, hours: 5168730000000.0 },
  { disks: 8, tolerates: 2, mttf: 1000000.0, mttr: 24, serial: false, hours: 10336700000000.0 },
  { disks: 10, tolerates: 1, mttf: 500000.0, mttr: 17.8, serial: false, hours: 156160000.0 },
  { disks: 10, tolerates: 1, mttf: 100000.0, mttr: 24, serial: false, hours: 4650740.0 },
  { disks: 3, tolerates: 1, mttf: 1000000.0, mttr: 24, serial: false, hours: 6945280000.0 },
] as const
