// rwkvc-seal IMAGE WEIGHTS OUT: makes a module file of a shared object and raw weights, for tests.
#include "runtime/abi/trailer.h"

#include <cstdio>
#include <string>

static bool readFile(const char *path, std::string &bytes) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return false;
  char piece[4096];
  while (size_t got = fread(piece, 1, sizeof(piece), file))
    bytes.append(piece, got);
  return fclose(file) == 0;
}

int main(int argc, char **argv) {
  std::string image, weights;
  if (argc != 4 || !readFile(argv[1], image) || !readFile(argv[2], weights)) {
    fprintf(stderr, "rwkvc-seal: needs IMAGE WEIGHTS OUT, the first two readable\n");
    return 1;
  }
  rwkvc_trailer_t trailer = {};
  trailer.image_bytes = image.size();
  trailer.weights_bytes = weights.size();
  trailer.image_hash = XXH3_64bits(image.data(), image.size());
  trailer.weights_hash = XXH3_64bits(weights.data(), weights.size());
  memcpy(trailer.model_id, "fake model id 16", sizeof(trailer.model_id));
  rwkvc_trailer_seal(&trailer);
  image.resize(trailer.weights_offset);
  image += weights;
  image.append(reinterpret_cast<const char *>(&trailer), sizeof(trailer));
  FILE *out = fopen(argv[3], "wb");
  bool written = out && fwrite(image.data(), 1, image.size(), out) == image.size();
  return written && fclose(out) == 0 ? 0 : 1;
}
