// The hold model in SimGrid: PENDING actors, each sleeps and plans itself anew. Needs -lsimgrid.
// Usage: hold_simgrid PENDING STEPS. Prints CPU nanoseconds an event.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <simgrid/s4u.hpp>
#include <xbt/log.h>

namespace s4u = simgrid::s4u;

int main(int argc, char **argv) {
  xbt_log_control_set("root.threshold:warning");
  s4u::Engine engine(&argc, argv);
  // Sleeping is quickest so, with a host for each actor: a fifth to a quarter less than by SimGrid's own choice.
  s4u::Engine::set_config("cpu/optim:TI");
  const int pending = std::atoi(argv[1]);
  const long steps = std::atol(argv[2]);
  std::vector<double> delays(65536);
  std::uint32_t state = 1;
  for (double &delay : delays) {
    state = state * 1664525u + 1013904223u;
    delay = state / 2147483648.0;
  }
  std::uint64_t sequence = 0;
  int started = 0;
  long count = 0;
  std::clock_t begin = 0;
  std::clock_t end = 0;
  const auto actor = [&] {
    // From when the last actor plans for the first time: platform, actors and their stacks are there.
    if (++started == pending) begin = std::clock();
    while (count < steps) {
      s4u::this_actor::sleep_for(delays[sequence++ & 65535]);
      if (++count == steps) end = std::clock();
    }
  };
  auto *zone = s4u::create_full_zone("zone");
  std::vector<s4u::Host *> hosts;
  for (int i = 0; i < pending; i++) hosts.push_back(zone->create_host("host" + std::to_string(i), 1e9));
  zone->seal();
  for (s4u::Host *host : hosts) s4u::Actor::create("actor", host, actor);
  engine.run();
  if (count < steps) return 1;
  const double seconds = double(end - begin) / CLOCKS_PER_SEC;
  std::printf("%.6f\n", seconds * 1e9 / steps);
}
