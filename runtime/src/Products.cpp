// oneDNN multiplies some rows at a time with one panel of weights. Its primitives are of fixed sizes, so there is one for
// each of a few numbers of rows; which of them a row meets follows from the number of rows alone, never from threads.
#include "runtime/src/Products.h"

#include "runtime/src/Status.h"

#include <algorithm>
#include <cinttypes>
#include <cstdlib>
#include <utility>

using namespace rwkvc;

namespace {

thread_local ProductThread *current = nullptr;

// Each takes a quarter of the rows of the one before, so that what is left over is soon done.
constexpr uint64_t smaller = 4;

// The kind of a product's elements, as oneDNN has it.
struct Elements {
  dnnl_data_type_t type;
  dnnl_format_tag_t panel; // how our panels of 64 outputs lie
  uint32_t inputs;         // of a block of it; a panel of other sizes would be padded, in memory that is read-only
  size_t bytes;
};

const Elements *elementsOf(const rwkvc_product_t &entry) {
  static const Elements f32 = {dnnl_f32, dnnl_BA16a64b, 16, 4}, bf16 = {dnnl_bf16, dnnl_BA16a64b2a, 32, 2};
  const Elements *elements = entry.elements == RWKVC_ELEMENTS_F32    ? &f32
                             : entry.elements == RWKVC_ELEMENTS_BF16 ? &bf16
                                                                     : nullptr;
  constexpr uint32_t mostInputs = 1 << 24, mostRows = 1 << 16;
  if (!elements || entry.outputs != 64 || entry.inputs == 0 || entry.inputs > mostInputs ||
      entry.inputs % elements->inputs != 0 || entry.most_rows == 0 || entry.most_rows > mostRows)
    return nullptr;
  return elements;
}

dnnl_status_t make(const OneDnn &library, const Elements &elements, const rwkvc_product_t &entry, ProductOfRows &made) {
  int64_t rows = static_cast<int64_t>(made.rows);
  const dnnl_dims_t x = {rows, entry.inputs}, panel = {entry.inputs, entry.outputs}, y = {rows, entry.outputs};
  if (dnnl_status_t status = library.memory_desc_init_by_tag(&made.x, 2, x, elements.type, dnnl_ab))
    return status;
  if (dnnl_status_t status = library.memory_desc_init_by_tag(&made.panel, 2, panel, elements.type, elements.panel))
    return status;
  if (dnnl_status_t status = library.memory_desc_init_by_tag(&made.y, 2, y, dnnl_f32, dnnl_ab))
    return status;
  dnnl_matmul_desc_t operation;
  if (dnnl_status_t status = library.matmul_desc_init(&operation, &made.x, &made.panel, nullptr, &made.y))
    return status;
  dnnl_primitive_attr_t raw;
  if (dnnl_status_t status = library.primitive_attr_create(&raw))
    return status;
  std::unique_ptr<dnnl_primitive_attr, OneDnnRelease<&OneDnn::primitive_attr_destroy>> attributes(raw, {&library});
  // Ours, for each thread its own: the library's would be allocated in a step.
  if (dnnl_status_t status = library.primitive_attr_set_scratchpad_mode(raw, dnnl_scratchpad_mode_user))
    return status;
  dnnl_primitive_desc_t rawDescription;
  if (dnnl_status_t status =
          library.primitive_desc_create(&rawDescription, &operation, raw, library.engine, nullptr))
    return status;
  std::unique_ptr<dnnl_primitive_desc, OneDnnRelease<&OneDnn::primitive_desc_destroy>> description(rawDescription,
                                                                                                   {&library});
  made.scratch = *library.primitive_desc_query_md(rawDescription, dnnl_query_scratchpad_md, 0);
  dnnl_primitive_t primitive;
  if (dnnl_status_t status = library.primitive_create(&primitive, rawDescription))
    return status;
  made.primitive = OneDnnPrimitive(primitive, {&library});
  return dnnl_success;
}

OneDnnMemory newMemory(const OneDnn &library, const dnnl_memory_desc_t &description, void *place) {
  dnnl_memory_t memory;
  if (library.memory_create(&memory, &description, library.engine, place))
    throw std::bad_alloc();
  return OneDnnMemory(memory, {&library});
}

// What a module calls.
void multiply(void *context, const void *rows, uint64_t count, const void *panel, float *products) {
  const auto &product = *static_cast<const Product *>(context);
  auto *x = static_cast<const uint8_t *>(rows);
  for (const ProductOfRows &ofRows : product.ofRows)
    for (; count >= ofRows.rows; count -= ofRows.rows) {
      current->execute(ofRows, x, panel, products);
      x += ofRows.rows * product.rowBytes;
      products += ofRows.rows * product.outputs;
    }
}

} // namespace

rwkvc_status_t Products::link(rwkvc_product_t *const *table, const char *path) {
  if (!table || !*table)
    return RWKVC_OK;
  for (rwkvc_product_t *const *entry = table; *entry; ++entry)
    if ((*entry)->library != RWKVC_LIBRARY_ONEDNN || !elementsOf(**entry))
      return fail(RWKVC_INCOMPATIBLE,
                  "'%s' needs a product of library %u with elements %u, %u inputs, %u outputs and %u rows, which this "
                  "library does not know",
                  path, (*entry)->library, (*entry)->elements, (*entry)->inputs, (*entry)->outputs,
                  (*entry)->most_rows);
  std::string reason;
  library = openOneDnn(reason);
  if (!library)
    return fail(RWKVC_INCOMPATIBLE, "'%s' needs oneDNN, but %s", path, reason.c_str());
  OneDnnAlone alone(*library);
  for (; *table; ++table)
    if (rwkvc_status_t status = add(**table, path))
      return status;
  return RWKVC_OK;
}

rwkvc_status_t Products::add(rwkvc_product_t &entry, const char *path) {
  const Elements *elements = elementsOf(entry);
  Product &product = products.emplace_back();
  product.rowBytes = entry.inputs * elements->bytes;
  product.outputs = entry.outputs;
  for (uint64_t rows = entry.most_rows;; rows = std::max<uint64_t>(rows / smaller, 1)) {
    ProductOfRows &made = product.ofRows.emplace_back();
    made.rows = rows;
    made.index = primitives++;
    if (dnnl_status_t status = make(*library, *elements, entry, made))
      return fail(status == dnnl_out_of_memory ? RWKVC_OUT_OF_RESOURCES : RWKVC_INCOMPATIBLE,
                  "'%s' needs a product of %" PRIu64 " rows of %u inputs, which oneDNN cannot make: %s", path, rows,
                  entry.inputs, library->status2str(status));
    if (rows == 1)
      break;
  }
  entry.context = &product;
  entry.multiply = multiply;
  return RWKVC_OK;
}

ProductThread::ProductThread(const Products &products) : library(*products.library), memory(nullptr, free) {
  dnnl_stream_t raw;
  if (library.stream_create(&raw, library.engine, dnnl_stream_default_flags))
    throw std::bad_alloc();
  stream = OneDnnStream(raw, {&library});

  size_t bytes = 0;
  for (const Product &product : products.products)
    for (const ProductOfRows &ofRows : product.ofRows)
      bytes = std::max(bytes, library.memory_desc_get_size(&ofRows.scratch));
  constexpr size_t page = 4096;
  memory.reset(aligned_alloc(page, (bytes + page) / page * page));
  if (!memory)
    throw std::bad_alloc();

  for (const Product &product : products.products)
    for (const ProductOfRows &ofRows : product.ofRows)
      arguments.push_back({newMemory(library, ofRows.x, DNNL_MEMORY_NONE),
                           newMemory(library, ofRows.panel, DNNL_MEMORY_NONE),
                           newMemory(library, ofRows.y, DNNL_MEMORY_NONE),
                           newMemory(library, ofRows.scratch, memory.get())});
}

void ProductThread::check(dnnl_status_t status) {
  if (failure == dnnl_success)
    failure = status;
}

void ProductThread::execute(const ProductOfRows &product, const void *rows, const void *panel, float *products) {
  Arguments &own = arguments[product.index];
  // Read only, whatever the types say: no element of x and panel is padding.
  check(library.memory_set_data_handle(own.x.get(), const_cast<void *>(rows)));
  check(library.memory_set_data_handle(own.panel.get(), const_cast<void *>(panel)));
  check(library.memory_set_data_handle(own.y.get(), products));
  const dnnl_exec_arg_t list[] = {{DNNL_ARG_SRC, own.x.get()},
                                  {DNNL_ARG_WEIGHTS, own.panel.get()},
                                  {DNNL_ARG_DST, own.y.get()},
                                  {DNNL_ARG_SCRATCHPAD, own.scratch.get()}};
  check(library.primitive_execute(product.primitive.get(), stream.get(), 4, list));
}

const char *ProductThread::takeFailure() {
  dnnl_status_t status = std::exchange(failure, dnnl_success);
  return status == dnnl_success ? nullptr : library.status2str(status);
}

ProductScope::ProductScope(ProductThread *thread) {
  if (!thread)
    return;
  alone.emplace(thread->library);
  current = thread;
}

ProductScope::~ProductScope() { current = nullptr; }
