// A majority of five parts that fail (mean 30 d) and are repaired (mean 4 h), as the shortest loop that does it.
// Usage: parts REPLICATIONS YEARS. Prints CPU nanoseconds a simulated year.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>

int main(int, char **argv) {
  const int replications = std::atoi(argv[1]);
  const double years = std::atof(argv[2]);
  const double hour = 3.6e6, day = 24 * hour, horizon = years * 365.25 * day;
  const std::clock_t begin = std::clock();
  double lost = 0;
  long outages = 0;
  for (int replication = 0; replication < replications; replication++) {
    std::mt19937_64 random(replication);
    std::exponential_distribution<double> fails(1 / (30 * day)), repaired(1 / (4 * hour));
    double next[5];
    bool up[5];
    int down = 0;
    double since = 0;
    for (int i = 0; i < 5; i++) {
      up[i] = true;
      next[i] = fails(random);
    }
    for (;;) {
      int first = 0;
      for (int i = 1; i < 5; i++)
        if (next[i] < next[first]) first = i;
      const double now = next[first];
      if (now > horizon) break;
      if (up[first]) {
        if (++down == 3) {
          since = now;
          outages++;
        }
      } else if (down-- == 3) {
        lost += now - since;
      }
      up[first] = !up[first];
      next[first] = now + (up[first] ? fails(random) : repaired(random));
    }
  }
  const double seconds = double(std::clock() - begin) / CLOCKS_PER_SEC;
  if (lost < 0 || outages < 0) return 1;
  std::printf("%.6f\n", seconds * 1e9 / (replications * years));
}
