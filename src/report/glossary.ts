/** What the words of a report mean, for who meets them first. */
export const GLOSSARY: readonly (readonly [string, string])[] = [
  [
    'availability',
    'The share of requests that succeed within their deadline, over all time: 100 % less the time-average of the fraction that fails.',
  ],
  [
    'lost a year',
    'Unavailability times a year of 365.25 days: time in which everything fails counts in full, time in which a third fails counts a third.',
  ],
  [
    'outage',
    'A stretch in which fewer than half of the requests succeed. One that runs past the end of a replication is followed to its end for its length.',
  ],
  ['degraded', 'Time in which at least half of the requests succeed, but not all.'],
  ['half last under', 'The median length of an outage.'],
  ['1 % last over', 'The 99th percentile of the length of an outage.'],
  [
    'mechanism',
    'What the cluster was waiting for while the time was lost: a quorum that is gone, an election, a health check that has not noticed yet, a lease, a back-off.',
  ],
  ['cause', 'The fault that began the outage, and what joined it.'],
  [
    'parts alone',
    'The same faults with detection and failover taking no time at all: the difference is what the protocol costs.',
  ],
  [
    'interval',
    'The range that holds the true value of the model in the stated share of such runs. It covers chance, not whether the model is right.',
  ],
  [
    'replication',
    'One independent life of the cluster over the horizon. Variants meet the same faults in the same replication, so that their differences are less noisy than either.',
  ],
  [
    'objective',
    'A target availability. It is met when the long-run availability reaches it; single months may still fall short.',
  ],
  [
    'draws',
    'What is lost when inputs that are known by a distribution only are drawn from it, the same for all variants. It covers what is not known of these inputs, and nothing else of the model.',
  ],
  [
    'fall short',
    'The probability that one month, or one stretch as long as a replication from its start on, loses more time than the objective allows of it.',
  ],
]
