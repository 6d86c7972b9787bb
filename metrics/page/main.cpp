#include "metrics/page/metrics_page.h"

#include <cstdio>

int main() {
  return std::fputs(mmm::metrics::metrics_page().c_str(), stdout) < 0 ? 1 : 0;
}
