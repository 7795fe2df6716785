// The one way from C# into libtorch. Operators are called through PyTorch's dispatcher by name, with boxed arguments, so that
// autograd, type promotion and backend selection work as they do in Python and a new operator needs no C++ at all. What is not an
// operator (metadata, the autograd engine, generators, threads) has a small function of its own.
//
// A tensor crosses the border as its TensorImpl*, owning one reference; null is the undefined tensor. Every function that can fail
// returns false or null/negative and leaves the message for bridge_last_error on the same thread.

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/library.h>

#include <malloc.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "conv1d.h"

namespace {

using Handle = c10::TensorImpl*;

enum Kind : int32_t {
  kNone = 0, kTensor = 1, kInt = 2, kDouble = 3, kBool = 4, kIntList = 5, kDoubleList = 6,
  kTensorList = 7, kOptionalTensorList = 8, kString = 9, kDevice = 10, kGenerator = 11,
};

// Mirrors NativeArgument in Native.cs. Lists and strings point to `length` elements; a device packs type and index.
struct Argument {
  int32_t kind;
  int32_t length;
  union {
    int64_t integer;
    double number;
    const void* pointer;
  };
};

thread_local std::string last_error;

void remember(const std::exception& error) {
  if (const auto* torch_error = dynamic_cast<const c10::Error*>(&error))
    last_error = torch_error->what_without_backtrace();
  else
    last_error = error.what();
}

template <typename Result, typename Body>
Result guarded(Result failure, Body body) {
  try {
    return body();
  } catch (const std::exception& error) {
    remember(error);
  } catch (...) {
    last_error = "unknown native exception";
  }
  return failure;
}

at::Tensor borrow(const void* handle) {
  if (handle == nullptr) return at::Tensor();
  auto* impl = static_cast<Handle>(const_cast<void*>(handle));
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::unsafe_reclaim_from_nonowning(impl));
}

Handle give(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

std::vector<at::Tensor> borrow_all(const Handle* handles, int64_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int64_t i = 0; i < count; i++) tensors.push_back(borrow(handles[i]));
  return tensors;
}

c10::Device unpack_device(int64_t packed) {
  return c10::Device(static_cast<c10::DeviceType>(packed >> 32), static_cast<c10::DeviceIndex>(static_cast<int32_t>(packed)));
}

c10::IValue to_ivalue(const Argument& argument) {
  switch (argument.kind) {
    case kNone: return c10::IValue();
    case kTensor: return c10::IValue(borrow(argument.pointer));
    case kInt: return c10::IValue(argument.integer);
    case kDouble: return c10::IValue(argument.number);
    case kBool: return c10::IValue(argument.integer != 0);
    case kIntList: {
      const auto* values = static_cast<const int64_t*>(argument.pointer);
      return c10::IValue(c10::ArrayRef<int64_t>(values, argument.length));
    }
    case kDoubleList: {
      const auto* values = static_cast<const double*>(argument.pointer);
      return c10::IValue(c10::ArrayRef<double>(values, argument.length));
    }
    case kTensorList: {
      c10::List<at::Tensor> list;
      list.reserve(argument.length);
      for (int32_t i = 0; i < argument.length; i++) list.push_back(borrow(static_cast<const Handle*>(argument.pointer)[i]));
      return c10::IValue(std::move(list));
    }
    case kOptionalTensorList: {
      c10::List<c10::optional<at::Tensor>> list;
      list.reserve(argument.length);
      for (int32_t i = 0; i < argument.length; i++) {
        auto tensor = borrow(static_cast<const Handle*>(argument.pointer)[i]);
        list.push_back(tensor.defined() ? c10::optional<at::Tensor>(std::move(tensor)) : c10::nullopt);
      }
      return c10::IValue(std::move(list));
    }
    case kString: return c10::IValue(std::string(static_cast<const char*>(argument.pointer), argument.length));
    case kDevice: return c10::IValue(unpack_device(argument.integer));
    case kGenerator: return c10::IValue(*static_cast<const at::Generator*>(argument.pointer));
  }
  TORCH_CHECK(false, "argument of unknown kind ", argument.kind);
}

// A list of tensors is spread over the results, so that chunk and split look like any operator with several results.
int64_t write_results(torch::jit::Stack& stack, Argument* results, int64_t capacity) {
  int64_t expected = 0;
  for (auto& value : stack) expected += value.isTensorList() ? static_cast<int64_t>(value.toListRef().size()) : 1;
  TORCH_CHECK(expected <= capacity, "operator returned ", expected, " values, the caller has room for ", capacity);
  int64_t count = 0;
  auto add_tensor = [&](at::Tensor tensor) {
    results[count].kind = kTensor;
    results[count++].pointer = give(std::move(tensor));
  };
  for (auto& value : stack) {
    if (value.isTensor()) {
      add_tensor(std::move(value).toTensor());
    } else if (value.isTensorList()) {
      auto tensors = value.toTensorVector();
      for (at::Tensor& tensor : tensors) add_tensor(std::move(tensor));
    } else {
      auto& result = results[count++];
      if (value.isBool()) { result.kind = kBool; result.integer = value.toBool(); }
      else if (value.isInt()) { result.kind = kInt; result.integer = value.toInt(); }
      else if (value.isDouble()) { result.kind = kDouble; result.number = value.toDouble(); }
      else result.kind = kNone;
    }
  }
  return count;
}

struct TensorInfo {
  int64_t elements;
  int32_t dimensions;
  int32_t scalar_type;
  int32_t device_type;
  int32_t device_index;
  int32_t element_size;
  int32_t flags;
};

enum Flags : int32_t { kRequiresGrad = 1, kLeaf = 2, kContiguous = 4 };

// A batch's activations are blocks of megabytes that are freed and asked for again at every step. By default glibc returns them to
// the system each time, and faulting the pages in anew costs more than the arithmetic (measured: 2 to 4 times the training step).
// So let it keep them: at most a gigabyte is held back.
__attribute__((constructor)) void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 64 << 20);
}

// Max pooling by two without overlap, value for value what aten::max_pool1d gives. That operator goes through the two-dimensional
// kernel with 64-bit indices, which took a fifth of a training step; a byte a pair is all the backward pass needs.
struct MaxOfPairs : torch::autograd::Function<MaxOfPairs> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input) {
    const int64_t length = input.size(-1), pairs = length / 2, rows = input.numel() / length;
    auto sizes = input.sizes().vec();
    sizes.back() = pairs;
    auto output = at::empty(sizes, input.options());
    auto second = at::empty(sizes, input.options().dtype(at::kByte));
    const float* from = input.data_ptr<float>();
    float* to = output.data_ptr<float>();
    uint8_t* chosen = second.data_ptr<uint8_t>();
    at::parallel_for(0, rows, kRowsPerTask, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++)
        for (int64_t i = 0; i < pairs; i++) {
          const float a = from[row * length + 2 * i], b = from[row * length + 2 * i + 1];
          const bool later = b > a || std::isnan(b);
          to[row * pairs + i] = later ? b : a;
          chosen[row * pairs + i] = later;
        }
    });
    context->save_for_backward({second});
    context->saved_data["length"] = length;
    return output;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "max pooling by two has no second derivative here");
    const auto second = context->get_saved_variables()[0];
    const int64_t length = context->saved_data["length"].toInt(), pairs = second.size(-1), rows = second.numel() / pairs;
    const auto gradient = gradients[0].contiguous();
    auto sizes = second.sizes().vec();
    sizes.back() = length;
    auto result = at::empty(sizes, gradient.options());
    const float* from = gradient.data_ptr<float>();
    float* to = result.data_ptr<float>();
    const uint8_t* chosen = second.data_ptr<uint8_t>();
    at::parallel_for(0, rows, kRowsPerTask, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        for (int64_t i = 0; i < pairs; i++) {
          const float value = from[row * pairs + i];
          const bool later = chosen[row * pairs + i] != 0;
          to[row * length + 2 * i] = later ? 0.0f : value;
          to[row * length + 2 * i + 1] = later ? value : 0.0f;
        }
        if (length % 2 != 0) to[row * length + length - 1] = 0.0f;
      }
    });
    return {result};
  }

  static constexpr int64_t kRowsPerTask = 64;
};

at::Tensor max_of_pairs(const at::Tensor& input) {
  const bool simple = input.device().is_cpu() && input.scalar_type() == at::kFloat && input.is_contiguous() && input.dim() == 3 && input.size(-1) >= 2 && input.numel() > 0;
  return simple ? MaxOfPairs::apply(input) : at::max_pool1d(input, 2);
}

TORCH_LIBRARY(bridge, library) {
  library.def("max_of_pairs(Tensor input) -> Tensor", &max_of_pairs);
  library.def("conv1d(Tensor input, Tensor weight, Tensor? bias, int[1] stride, int[1] padding, int[1] dilation, int groups) -> Tensor", &conv1d::conv1d);
}

}  // namespace

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT const char* bridge_last_error() { return last_error.c_str(); }
EXPORT const char* bridge_version() { return TORCH_VERSION; }

// ---- operators

EXPORT const void* bridge_find_operator(const char* name, const char* overload) {
  return guarded<const void*>(nullptr, [&]() -> const void* {
    return new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload));
  });
}

// Returns how many results were written; with no capacity they are dropped (an operator called for its effect).
EXPORT int64_t bridge_call(const void* op, const Argument* arguments, int64_t count, Argument* results, int64_t capacity) {
  return guarded<int64_t>(-1, [&] {
    torch::jit::Stack stack;
    stack.reserve(count);
    for (int64_t i = 0; i < count; i++) stack.push_back(to_ivalue(arguments[i]));
    static_cast<const c10::OperatorHandle*>(op)->callBoxed(stack);
    return capacity == 0 ? 0 : write_results(stack, results, capacity);
  });
}

// ---- tensors

EXPORT void bridge_release(Handle handle) { c10::raw::intrusive_ptr::decref(handle); }

EXPORT Handle bridge_share(Handle handle) { return give(borrow(handle)); }

EXPORT Handle bridge_from_memory(const void* data, int64_t bytes, const int64_t* sizes, int64_t dimensions, int32_t scalar_type) {
  return guarded<Handle>(nullptr, [&] {
    auto tensor = at::empty(c10::IntArrayRef(sizes, dimensions), at::TensorOptions(static_cast<at::ScalarType>(scalar_type)));
    TORCH_CHECK(static_cast<int64_t>(tensor.nbytes()) == bytes, "the data has ", bytes, " bytes, the shape ", tensor.sizes(), " needs ", tensor.nbytes());
    std::memcpy(tensor.data_ptr(), data, bytes);
    return give(std::move(tensor));
  });
}

EXPORT void bridge_info(Handle handle, TensorInfo* info) {
  const auto tensor = borrow(handle);
  const auto device = tensor.device();
  info->elements = tensor.numel();
  info->dimensions = static_cast<int32_t>(tensor.dim());
  info->scalar_type = static_cast<int32_t>(tensor.scalar_type());
  info->device_type = static_cast<int32_t>(device.type());
  info->device_index = device.index();
  info->element_size = static_cast<int32_t>(tensor.element_size());
  info->flags = (tensor.requires_grad() ? kRequiresGrad : 0) | (tensor.is_leaf() ? kLeaf : 0) | (tensor.is_contiguous() ? kContiguous : 0);
}

EXPORT void bridge_sizes(Handle handle, int64_t* sizes, int64_t* strides) {
  const auto tensor = borrow(handle);
  for (int64_t i = 0; i < tensor.dim(); i++) {
    if (sizes) sizes[i] = tensor.size(i);
    if (strides) strides[i] = tensor.stride(i);
  }
}

EXPORT void* bridge_data(Handle handle) {
  return guarded<void*>(nullptr, [&] { return borrow(handle).data_ptr(); });
}

EXPORT bool bridge_set_requires_grad(Handle handle, bool value) {
  return guarded(false, [&] { borrow(handle).set_requires_grad(value); return true; });
}

EXPORT Handle bridge_grad(Handle handle) {
  return guarded<Handle>(nullptr, [&] { return give(borrow(handle).grad()); });
}

EXPORT bool bridge_set_grad(Handle handle, Handle grad) {
  return guarded(false, [&] { borrow(handle).mutable_grad() = borrow(grad); return true; });
}

// ---- autograd

EXPORT bool bridge_backward(const Handle* tensors, int64_t count, const Handle* grads, int64_t grad_count, bool retain_graph,
                            bool create_graph, const Handle* inputs, int64_t input_count) {
  return guarded(false, [&] {
    torch::autograd::backward(borrow_all(tensors, count), borrow_all(grads, grad_count), retain_graph, create_graph,
                              borrow_all(inputs, input_count));
    return true;
  });
}

EXPORT bool bridge_autograd_grad(const Handle* outputs, int64_t output_count, const Handle* inputs, int64_t input_count,
                                 const Handle* grads, int64_t grad_count, bool retain_graph, bool create_graph, bool allow_unused,
                                 Handle* results) {
  return guarded(false, [&] {
    auto gradients = torch::autograd::grad(borrow_all(outputs, output_count), borrow_all(inputs, input_count),
                                           borrow_all(grads, grad_count), retain_graph, create_graph, allow_unused);
    for (int64_t i = 0; i < input_count; i++) results[i] = give(std::move(gradients[i]));
    return true;
  });
}

EXPORT bool bridge_grad_enabled() { return at::GradMode::is_enabled(); }
EXPORT void bridge_set_grad_enabled(bool enabled) { at::GradMode::set_enabled(enabled); }
EXPORT bool bridge_inference_enabled() { return c10::InferenceMode::is_enabled(); }
EXPORT void* bridge_enter_inference(bool enabled) { return new c10::InferenceMode(enabled); }
EXPORT void bridge_leave_inference(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

// ---- random numbers, threads, devices

EXPORT at::Generator* bridge_default_generator() { return new at::Generator(at::detail::getDefaultCPUGenerator()); }
EXPORT at::Generator* bridge_new_generator(uint64_t seed) { return new at::Generator(at::detail::createCPUGenerator(seed)); }
EXPORT void bridge_release_generator(at::Generator* generator) { delete generator; }

EXPORT void bridge_seed_generator(at::Generator* generator, uint64_t seed) {
  std::lock_guard<std::mutex> lock(generator->mutex());
  generator->set_current_seed(seed);
}

EXPORT uint64_t bridge_generator_seed(at::Generator* generator, bool renew) {
  std::lock_guard<std::mutex> lock(generator->mutex());
  return renew ? generator->seed() : generator->current_seed();
}

EXPORT Handle bridge_generator_state(at::Generator* generator) {
  return guarded<Handle>(nullptr, [&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    return give(generator->get_state());
  });
}

EXPORT bool bridge_set_generator_state(at::Generator* generator, Handle state) {
  return guarded(false, [&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_state(borrow(state));
    return true;
  });
}

EXPORT int32_t bridge_threads() { return at::get_num_threads(); }
EXPORT bool bridge_set_threads(int32_t count) { return guarded(false, [&] { at::set_num_threads(count); return true; }); }
EXPORT int32_t bridge_cuda_devices() { return at::hasCUDA() ? static_cast<int32_t>(at::detail::getCUDAHooks().getNumGPUs()) : 0; }
