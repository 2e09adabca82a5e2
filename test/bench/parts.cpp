// A majority of five parts that fail (mean 30 d) and are repaired (mean 4 h), as the shortest loops that do it.
// Usage: parts REPLICATIONS YEARS queue|scan. Prints CPU nanoseconds a simulated year.
// `queue` keeps events on std::priority_queue, as a simulator does; `scan` looks at the next event of each of the five,
// which is quicker and serves nothing but five parts.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <queue>
#include <random>
#include <vector>

constexpr double HOUR = 3.6e6, DAY = 24 * HOUR;

// Who is down, and what is lost by it.
struct Majority {
  bool up[5] = {true, true, true, true, true};
  int down = 0;
  double since = 0, lost = 0;
  long outages = 0;

  // Fails or is repaired, now. Returns whether it is up.
  bool flip(int part, double now) {
    if (up[part]) {
      if (++down == 3) {
        since = now;
        outages++;
      }
    } else if (down-- == 3) {
      lost += now - since;
    }
    return up[part] = !up[part];
  }
};

// What is drawn in a replication.
struct Delays {
  std::mt19937_64 random;
  std::exponential_distribution<double> fails{1 / (30 * DAY)}, repaired{1 / (4 * HOUR)};

  explicit Delays(int replication) : random(replication) {}

  double after(bool up) { return up ? fails(random) : repaired(random); }
};

struct Event {
  double time;
  std::uint64_t sequence;
  int part;
};

struct Later {
  bool operator()(const Event &a, const Event &b) const {
    return a.time > b.time || (a.time == b.time && a.sequence > b.sequence);
  }
};

static Majority queued(int replication, double horizon) {
  Delays delays(replication);
  Majority majority;
  std::priority_queue<Event, std::vector<Event>, Later> queue;
  std::uint64_t sequence = 0;
  for (int i = 0; i < 5; i++) queue.push({delays.after(true), sequence++, i});
  while (queue.top().time <= horizon) {
    const auto [now, _, part] = queue.top();
    queue.pop();
    queue.push({now + delays.after(majority.flip(part, now)), sequence++, part});
  }
  return majority;
}

static Majority scanned(int replication, double horizon) {
  Delays delays(replication);
  Majority majority;
  double next[5];
  for (double &time : next) time = delays.after(true);
  for (;;) {
    int first = 0;
    for (int i = 1; i < 5; i++)
      if (next[i] < next[first]) first = i;
    const double now = next[first];
    if (now > horizon) return majority;
    next[first] = now + delays.after(majority.flip(first, now));
  }
}

int main(int, char **argv) {
  const int replications = std::atoi(argv[1]);
  const double years = std::atof(argv[2]);
  const auto simulated = std::strcmp(argv[3], "queue") == 0 ? queued : scanned;
  const std::clock_t begin = std::clock();
  double lost = 0;
  long outages = 0;
  for (int replication = 0; replication < replications; replication++) {
    const Majority majority = simulated(replication, years * 365.25 * DAY);
    lost += majority.lost;
    outages += majority.outages;
  }
  const double seconds = double(std::clock() - begin) / CLOCKS_PER_SEC;
  if (lost < 0 || outages < 0) return 1;
  std::printf("%.6f\n", seconds * 1e9 / (replications * years));
}
