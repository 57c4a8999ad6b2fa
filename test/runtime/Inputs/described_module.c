/* described_module.c - A module whose description is made by the test that loads it, which says in the environment
 * where it is. */
#include "runtime/abi/rwkvc_module.h"

#include <stdlib.h>

__attribute__((visibility("default"))) const rwkvc_module_t *rwkvc_module_query(uint32_t max_version) {
  const char *place = getenv("RWKVC_TEST_DESCRIPTION");
  return place ? (const rwkvc_module_t *)strtoull(place, NULL, 10) : NULL;
}
