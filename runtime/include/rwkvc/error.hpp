// error.hpp - A failure of the library as an exception, a handle as an owner. Included by rwkvc.hpp.
#ifndef RWKVC_ERROR_HPP
#define RWKVC_ERROR_HPP

#if __cplusplus < 202002L
#error "rwkvc.hpp needs C++20: compile with -std=c++20"
#endif

#include <rwkvc/rwkvc.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace rwkvc {

// Thrown for every status but RWKVC_OK; what() is the library's sentence.
class Error : public std::runtime_error {
public:
  Error(rwkvc_status_t status, const std::string &sentence) : std::runtime_error(sentence), status_(status) {}
  rwkvc_status_t status() const noexcept { return status_; }

private:
  rwkvc_status_t status_;
};

namespace detail {
inline void check(rwkvc_status_t status) {
  if (status != RWKVC_OK)
    throw Error(status, rwkvc_status_message(status));
}

template <auto release> struct Release {
  template <typename Handle> void operator()(Handle *handle) const noexcept { release(handle); }
};
template <typename Handle, auto release> using Owner = std::unique_ptr<Handle, Release<release>>;
} // namespace detail

} // namespace rwkvc

#endif // RWKVC_ERROR_HPP
