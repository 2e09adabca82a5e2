// The hold model on std::priority_queue: n pending events; each step takes the earliest and plans it anew.
// Usage: hold PENDING STEPS. Prints CPU nanoseconds a step.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <queue>
#include <vector>

struct Event {
  double time;
  std::uint64_t sequence;
  void *actor;
  void *data;
};

struct Later {
  bool operator()(const Event &a, const Event &b) const {
    return a.time > b.time || (a.time == b.time && a.sequence > b.sequence);
  }
};

int main(int, char **argv) {
  const int pending = std::atoi(argv[1]);
  const long steps = std::atol(argv[2]);
  std::vector<double> delays(65536);
  std::uint32_t state = 1;
  for (double &delay : delays) {
    state = state * 1664525u + 1013904223u;
    delay = state / 2147483648.0;
  }
  std::vector<Event> room;
  room.reserve(pending + 1);
  std::priority_queue<Event, std::vector<Event>, Later> queue(Later(), std::move(room));
  std::uint64_t sequence = 0;
  int actor = 0;
  for (int i = 0; i < pending; i++) {
    const std::uint64_t number = sequence++;
    queue.push({delays[number & 65535], number, &actor, &actor});
  }
  const std::clock_t begin = std::clock();
  double last = 0;
  for (long i = 0; i < steps; i++) {
    const Event event = queue.top();
    queue.pop();
    last = event.time;
    const std::uint64_t number = sequence++;
    queue.push({last + delays[number & 65535], number, event.actor, event.data});
  }
  const double seconds = double(std::clock() - begin) / CLOCKS_PER_SEC;
  if (last < 0) return 1;
  std::printf("%.6f\n", seconds * 1e9 / steps);
}
