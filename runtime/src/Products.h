// The products of matrices that a module leaves to oneDNN: made when the module is loaded, run by a session's threads.
#ifndef RUNTIME_SRC_PRODUCTS_H
#define RUNTIME_SRC_PRODUCTS_H

#include "runtime/abi/rwkvc_module.h"
#include "runtime/src/OneDnn.h"

#include <cstdlib>
#include <deque>
#include <optional>
#include <vector>

namespace rwkvc {

// A product of as many rows as one primitive takes.
struct ProductOfRows {
  uint64_t rows;
  size_t index; // among all of the module
  dnnl_memory_desc_t x, panel, y, scratch;
  OneDnnPrimitive primitive;
};

struct Product {
  size_t rowBytes;                   // of an x
  size_t outputs;                    // of a panel
  std::vector<ProductOfRows> ofRows; // by falling numbers of rows, the last is 1
};

class Products {
public:
  // Fills in what the module's table leaves to its host. `path` is for messages.
  rwkvc_status_t link(rwkvc_product_t *const *table, const char *path);

  bool empty() const { return products.empty(); }

private:
  friend class ProductThread;
  rwkvc_status_t add(rwkvc_product_t &entry, const char *path);

  const OneDnn *library = nullptr;
  std::deque<Product> products; // which modules point to
  size_t primitives = 0;
};

// What one thread runs products with, all of it allocated before the first step.
class ProductThread {
public:
  // Throws std::bad_alloc.
  explicit ProductThread(const Products &products);

  void execute(const ProductOfRows &product, const void *rows, const void *panel, float *products);

  // The first failure since the last call, in oneDNN's words; NULL if there was none.
  const char *takeFailure();

private:
  friend class ProductScope;
  struct Arguments {
    OneDnnMemory x, panel, y, scratch;
  };
  void check(dnnl_status_t status);

  const OneDnn &library;
  OneDnnStream stream;
  std::unique_ptr<void, void (*)(void *)> memory; // primitives' scratch
  std::vector<Arguments> arguments;              // by ProductOfRows::index
  dnnl_status_t failure = dnnl_success;
};

// While it lives, products that this thread asks for run in it alone, with `thread`'s memory. NULL if there are none.
class ProductScope {
public:
  explicit ProductScope(ProductThread *thread);
  ProductScope(const ProductScope &) = delete;
  ProductScope &operator=(const ProductScope &) = delete;
  ~ProductScope();

private:
  std::optional<OneDnnAlone> alone;
};

} // namespace rwkvc

#endif // RUNTIME_SRC_PRODUCTS_H
