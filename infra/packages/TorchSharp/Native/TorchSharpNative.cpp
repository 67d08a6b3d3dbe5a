// The native side of TorchSharp. Every ATen operator is reached through torchsharp_call: looked up once in the
// dispatcher by name and overload, then called boxed. What is no operator (handles, autograd, generators, devices)
// has a function of its own. No exception leaves this file: a function that can fail returns its error as text,
// which the caller frees with torchsharp_free; a null pointer means success.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/saved_variable.h>
#include <torch/version.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
template <typename T> using Optional = std::optional<T>;
#else
template <typename T> using Optional = c10::optional<T>;
#endif

using Handle = c10::TensorImpl*;
using torch::autograd::variable_list;

enum Tag : int32_t {
  None = 0, TensorTag = 1, Int = 2, Double = 3, Bool = 4, String = 5, IntList = 6, DoubleList = 7, BoolList = 8,
  TensorList = 9, Device = 10, Generator = 11, Complex = 12,
};

struct Value {
  int32_t tag;
  int32_t length;
  union { int64_t integer; double real; void* pointer; };
};

// A dispatcher entry with what its arguments expect, read once from the schema.
struct Operator {
  c10::OperatorHandle handle;
  std::string name;
  std::vector<c10::TypePtr> types;
};

char* copy_text(const std::string& text) {
  char* copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy != nullptr) std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

// Runs the body; an exception becomes text, without libtorch's C++ stack.
template <typename Body>
char* guarded(Body&& body) noexcept {
  try {
    body();
    return nullptr;
  } catch (const c10::Error& error) {
    return copy_text(error.what_without_backtrace());
  } catch (const std::exception& error) {
    return copy_text(error.what());
  } catch (...) {
    return copy_text("an unknown native error");
  }
}

at::Tensor borrow(Handle handle) {
  return handle == nullptr ? at::Tensor()
                           : at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(handle));
}

Handle release(at::Tensor tensor) {
  return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

std::vector<at::Tensor> borrow_all(const Handle* handles, int64_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int64_t i = 0; i < count; i++) tensors.push_back(borrow(handles[i]));
  return tensors;
}

c10::TypePtr without_optional(c10::TypePtr type) {
  while (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
  return type;
}

c10::IValue number_for(const c10::TypePtr& type, int64_t value) {
  switch (type->kind()) {
    case c10::TypeKind::FloatType: return static_cast<double>(value);
    case c10::TypeKind::BoolType: return value != 0;
    default: return value;
  }
}

c10::IValue list_for(const c10::TypePtr& type, const Value& value) {
  auto list = type->cast<c10::ListType>();
  c10::TypePtr element = list ? list->getElementType() : type;
  const auto* integers = static_cast<const int64_t*>(value.pointer);
  switch (value.tag) {
    case Tag::IntList:
      if (element->kind() == c10::TypeKind::FloatType) {
        c10::List<double> converted;
        for (int32_t i = 0; i < value.length; i++) converted.push_back(static_cast<double>(integers[i]));
        return converted;
      } else {
        c10::List<int64_t> converted;
        converted.reserve(value.length);
        for (int32_t i = 0; i < value.length; i++) converted.push_back(integers[i]);
        return converted;
      }
    case Tag::DoubleList: {
      c10::List<double> converted;
      for (int32_t i = 0; i < value.length; i++) converted.push_back(static_cast<const double*>(value.pointer)[i]);
      return converted;
    }
    case Tag::BoolList: {
      c10::List<bool> converted;
      for (int32_t i = 0; i < value.length; i++) converted.push_back(integers[i] != 0);
      return converted;
    }
    default: {
      const auto* handles = static_cast<const Handle*>(value.pointer);
      if (element->kind() == c10::TypeKind::OptionalType) {
        c10::List<Optional<at::Tensor>> converted;
        for (int32_t i = 0; i < value.length; i++)
          converted.push_back(handles[i] == nullptr ? Optional<at::Tensor>() : Optional<at::Tensor>(borrow(handles[i])));
        return converted;
      }
      c10::List<at::Tensor> converted;
      for (int32_t i = 0; i < value.length; i++) converted.push_back(borrow(handles[i]));
      return converted;
    }
  }
}

// The argument in the form that its place in the schema expects: 2 for a float is 2.0, for an int[] is [2].
c10::IValue to_ivalue(const c10::TypePtr& declared, const Value& value) {
  if (value.tag == Tag::None) {
    // An operator that takes a plain Tensor reads an absent one as undefined.
    return declared->kind() == c10::TypeKind::TensorType ? c10::IValue(at::Tensor()) : c10::IValue();
  }
  c10::TypePtr type = without_optional(declared);
  auto list = type->cast<c10::ListType>();
  switch (value.tag) {
    case Tag::TensorTag: return borrow(static_cast<Handle>(value.pointer));
    case Tag::Int:
      if (list) {
        if (list->getElementType()->kind() == c10::TypeKind::FloatType)
          return c10::List<double>({static_cast<double>(value.integer)});
        return c10::List<int64_t>({value.integer});
      }
      return number_for(type, value.integer);
    case Tag::Double:
      if (list) return c10::List<double>({value.real});
      return type->kind() == c10::TypeKind::IntType ? c10::IValue(static_cast<int64_t>(value.real)) : c10::IValue(value.real);
    case Tag::Bool:
      if (list) return c10::List<bool>({value.integer != 0});
      return type->kind() == c10::TypeKind::IntType ? c10::IValue(value.integer) : c10::IValue(value.integer != 0);
    case Tag::String: return std::string(static_cast<const char*>(value.pointer), value.length);
    case Tag::Device:
      return c10::Device(static_cast<c10::DeviceType>(value.length), static_cast<c10::DeviceIndex>(value.integer));
    case Tag::Generator: return *static_cast<at::Generator*>(value.pointer);
    case Tag::Complex: {
      const auto* parts = static_cast<const double*>(value.pointer);
      return c10::complex<double>(parts[0], parts[1]);
    }
    default: return list_for(type, value);
  }
}

Value from_ivalue(c10::IValue&& result) {
  Value value{Tag::None, 0, {0}};
  if (result.isTensor()) {
    value.pointer = release(std::move(result).toTensor());
    value.tag = value.pointer == nullptr ? Tag::None : Tag::TensorTag;
  } else if (result.isInt()) {
    value.tag = Tag::Int;
    value.integer = result.toInt();
  } else if (result.isDouble()) {
    value.tag = Tag::Double;
    value.real = result.toDouble();
  } else if (result.isBool()) {
    value.tag = Tag::Bool;
    value.integer = result.toBool() ? 1 : 0;
  } else if (result.isComplexDouble()) {
    auto* parts = static_cast<double*>(std::malloc(2 * sizeof(double)));
    parts[0] = result.toComplexDouble().real();
    parts[1] = result.toComplexDouble().imag();
    value.tag = Tag::Complex;
    value.pointer = parts;
  } else if (result.isTensorList()) {
    auto tensors = result.toTensorVector();
    auto** handles = static_cast<Handle*>(std::malloc((tensors.size() + 1) * sizeof(Handle)));
    for (size_t i = 0; i < tensors.size(); i++) handles[i] = release(std::move(tensors[i]));
    value.tag = Tag::TensorList;
    value.length = static_cast<int32_t>(tensors.size());
    value.pointer = handles;
  } else if (result.isIntList()) {
    auto integers = result.toIntVector();
    auto* copy = static_cast<int64_t*>(std::malloc((integers.size() + 1) * sizeof(int64_t)));
    std::memcpy(copy, integers.data(), integers.size() * sizeof(int64_t));
    value.tag = Tag::IntList;
    value.length = static_cast<int32_t>(integers.size());
    value.pointer = copy;
  } else {
    TORCH_CHECK(result.isNone(), "the result's type ", result.tagKind(), " is not supported");
  }
  return value;
}

// Newer releases append parameters to _wrap_outputs: those beyond what 1.13 knows get their neutral value.
template <typename T> struct Neutral { static T value() { return T(); } };
template <> struct Neutral<std::function<at::Tensor(at::Tensor)>> {
  static std::function<at::Tensor(at::Tensor)> value() { return [](at::Tensor x) { return x.view_as(x); }; }
};

template <size_t Skip, typename Tuple, size_t... I, typename Function, typename... Given>
auto call_padded(Function function, std::index_sequence<I...>, Given&&... given) {
  return function(std::forward<Given>(given)..., Neutral<std::decay_t<std::tuple_element_t<Skip + I, Tuple>>>::value()...);
}

template <typename Result, typename... Parameters, typename... Given>
Result padded(Result (*function)(Parameters...), Given&&... given) {
  constexpr size_t missing = sizeof...(Parameters) - sizeof...(Given);
  return call_padded<sizeof...(Given), std::tuple<Parameters...>>(
      function, std::make_index_sequence<missing>(), std::forward<Given>(given)...);
}

// Reads `count` gradients, writes `result_count` gradients whose references it gives away; returns an error or null.
using BackwardCallback = char* (*)(void* state, const Handle* gradients, int32_t count, Handle* results, int32_t result_count);
using DeleteCallback = void (*)(void* state);

// An autograd node whose backward is written in C#.
struct ManagedNode : torch::autograd::Node {
  BackwardCallback backward = nullptr;
  DeleteCallback deleted = nullptr;
  void* state = nullptr;
  std::string title;
  std::vector<torch::autograd::SavedVariable> saved;

  ~ManagedNode() override {
    if (deleted != nullptr) deleted(state);
  }

  std::string name() const override { return title; }

  void release_variables() override {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto& variable : saved) variable.reset_data();
  }

  variable_list apply(variable_list&& gradients) override {
    std::vector<Handle> inputs(gradients.size());
    for (size_t i = 0; i < gradients.size(); i++) inputs[i] = release(std::move(gradients[i]));
    std::vector<Handle> outputs(num_outputs(), nullptr);
    char* error = backward(state, inputs.data(), static_cast<int32_t>(inputs.size()), outputs.data(),
                           static_cast<int32_t>(outputs.size()));
    if (error != nullptr) {
      std::string text(error);
      std::free(error);
      throw std::runtime_error(text);
    }
    variable_list results;
    for (Handle handle : outputs)
      results.push_back(handle == nullptr
                            ? at::Tensor()
                            : at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(handle)));
    return results;
  }
};

// How a node is counted: by std::shared_ptr, or since PyTorch 2.13 by c10::intrusive_ptr. What only one of the two has
// depends on the template's parameter, so that the other's headers need not know it.
using NodeReference = std::decay_t<decltype(torch::autograd::Edge::function)>;

template <typename Reference> struct Counted;

template <typename Node> struct Counted<std::shared_ptr<Node>> {
  template <typename Kind> static std::shared_ptr<Node> create() {
    return std::shared_ptr<Node>(new Kind(), [](Node* node) { deleteNode(node); });
  }
  static std::shared_ptr<Node> of(Node* node) { return node->shared_from_this(); }
};

template <typename Node> struct Counted<c10::intrusive_ptr<Node>> {
  template <typename Kind> static c10::intrusive_ptr<Node> create() { return c10::make_intrusive<Kind>(); }
  static c10::intrusive_ptr<Node> of(Node* node) { return c10::intrusive_ptr<Node>::reclaim_copy(node); }
};

// The hooks' own count has changed its name between releases, the guard's has not.
int32_t cuda_devices() {
  return at::globalContext().hasCUDA() ? c10::impl::VirtualGuardImpl(c10::kCUDA).deviceCount() : 0;
}

}  // namespace

EXPORT void torchsharp_free(void* memory) { std::free(memory); }
EXPORT void* torchsharp_allocate(int64_t size) { return std::malloc(size); }
EXPORT const char* torchsharp_version() { return TORCH_VERSION; }

// ---- operators ----

EXPORT char* torchsharp_operator(const char* name, const char* overload, void** result) {
  return guarded([&] {
    auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(found.has_value(), "libtorch " TORCH_VERSION " has no operator ", name, *overload ? "." : "", overload);
    auto* entry = new Operator{*found, name, {}};
    if (*overload != 0) entry->name += std::string(".") + overload;
    for (const auto& argument : found->schema().arguments()) entry->types.push_back(argument.type());
    *result = entry;
  });
}

EXPORT int32_t torchsharp_has_operator(const char* name, const char* overload) {
  return c10::Dispatcher::singleton().findSchema({name, overload}).has_value() ? 1 : 0;
}

EXPORT char* torchsharp_call(Operator* entry, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
  char* error = guarded([&] {
    const auto& declared = entry->handle.schema().arguments();
    TORCH_CHECK(count <= static_cast<int32_t>(declared.size()), "takes ", declared.size(), " arguments, not ", count);
    std::vector<c10::IValue> stack;
    stack.reserve(declared.size());
    for (int32_t i = 0; i < count; i++) stack.push_back(to_ivalue(entry->types[i], arguments[i]));
    for (size_t i = count; i < declared.size(); i++) {
      TORCH_CHECK(declared[i].default_value().has_value(), "argument '", declared[i].name(), "' is missing");
      stack.push_back(*declared[i].default_value());
    }
    entry->handle.callBoxed(stack);
    for (int32_t i = 0; i < capacity; i++)
      results[i] = i < static_cast<int32_t>(stack.size()) ? from_ivalue(std::move(stack[i])) : Value{Tag::None, 0, {0}};
  });
  if (error == nullptr) return nullptr;
  char* text = copy_text(entry->name + ": " + error);
  std::free(error);
  return text;
}

// ---- tensors ----

EXPORT void torchsharp_tensor_retain(Handle handle) { (void)borrow(handle).unsafeReleaseTensorImpl(); }

EXPORT void torchsharp_tensor_release(Handle handle) {
  c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(handle);
}

EXPORT int64_t torchsharp_tensor_dim(Handle handle) { return handle->dim(); }
EXPORT int64_t torchsharp_tensor_numel(Handle handle) { return handle->numel(); }
EXPORT int32_t torchsharp_tensor_dtype(Handle handle) {
  return static_cast<int32_t>(c10::typeMetaToScalarType(handle->dtype()));
}
EXPORT int64_t torchsharp_tensor_itemsize(Handle handle) { return handle->itemsize(); }
EXPORT int32_t torchsharp_tensor_device(Handle handle, int32_t* index) {
  auto device = handle->device();
  *index = device.index();
  return static_cast<int32_t>(device.type());
}
EXPORT int32_t torchsharp_tensor_is_contiguous(Handle handle) { return handle->is_contiguous() ? 1 : 0; }
EXPORT int32_t torchsharp_tensor_is_sparse(Handle handle) { return handle->is_sparse() ? 1 : 0; }
EXPORT int64_t torchsharp_tensor_storage_offset(Handle handle) { return handle->storage_offset(); }

EXPORT void torchsharp_tensor_sizes(Handle handle, int64_t* sizes) {
  auto from = handle->sizes();
  std::memcpy(sizes, from.data(), from.size() * sizeof(int64_t));
}

EXPORT char* torchsharp_tensor_strides(Handle handle, int64_t* strides) {
  return guarded([&] {
    auto from = handle->strides();
    std::memcpy(strides, from.data(), from.size() * sizeof(int64_t));
  });
}

EXPORT char* torchsharp_tensor_data(Handle handle, void** data) {
  return guarded([&] { *data = borrow(handle).data_ptr(); });
}

EXPORT char* torchsharp_tensor_from_blob(void* data, const int64_t* sizes, int32_t count, int32_t dtype, DeleteCallback deleted,
                                         void* state, Handle* result) {
  return guarded([&] {
    *result = release(at::from_blob(
        data, at::IntArrayRef(sizes, count), [deleted, state](void*) { deleted(state); },
        at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype))));
  });
}

// ---- autograd ----

EXPORT int32_t torchsharp_tensor_requires_grad(Handle handle) { return borrow(handle).requires_grad() ? 1 : 0; }
EXPORT int32_t torchsharp_tensor_is_leaf(Handle handle) { return borrow(handle).is_leaf() ? 1 : 0; }
EXPORT char* torchsharp_tensor_set_requires_grad(Handle handle, int32_t value) {
  return guarded([&] {
    auto tensor = borrow(handle);
    TORCH_CHECK(value != 0 || tensor.is_leaf(),
                "only a leaf can stop requiring a gradient: use detach() for a tensor that a computation made");
    tensor.set_requires_grad(value != 0);
  });
}

EXPORT char* torchsharp_tensor_retain_grad(Handle handle) { return guarded([&] { borrow(handle).retain_grad(); }); }

EXPORT char* torchsharp_tensor_grad(Handle handle, Handle* result) {
  return guarded([&] { *result = release(borrow(handle).grad()); });
}

EXPORT char* torchsharp_tensor_set_grad(Handle handle, Handle gradient) {
  return guarded([&] { borrow(handle).mutable_grad() = borrow(gradient); });
}

EXPORT char* torchsharp_backward(const Handle* tensors, int32_t count, const Handle* gradients, int32_t gradient_count,
                                 int32_t retain_graph, int32_t create_graph, const Handle* inputs, int32_t input_count) {
  return guarded([&] {
    torch::autograd::backward(borrow_all(tensors, count), borrow_all(gradients, gradient_count), retain_graph != 0,
                              create_graph != 0, borrow_all(inputs, input_count));
  });
}

EXPORT char* torchsharp_grad(const Handle* outputs, int32_t count, const Handle* inputs, int32_t input_count,
                             const Handle* gradients, int32_t gradient_count, int32_t retain_graph, int32_t create_graph,
                             int32_t allow_unused, Handle* results) {
  return guarded([&] {
    auto found = torch::autograd::grad(borrow_all(outputs, count), borrow_all(inputs, input_count),
                                       borrow_all(gradients, gradient_count), retain_graph != 0, create_graph != 0,
                                       allow_unused != 0);
    for (size_t i = 0; i < found.size(); i++) results[i] = release(std::move(found[i]));
  });
}

EXPORT int32_t torchsharp_grad_mode() { return c10::GradMode::is_enabled() ? 1 : 0; }
EXPORT void torchsharp_set_grad_mode(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }
EXPORT int32_t torchsharp_inference_mode() { return c10::InferenceMode::is_enabled() ? 1 : 0; }
EXPORT void* torchsharp_inference_guard(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }
EXPORT void torchsharp_inference_guard_delete(c10::InferenceMode* guard) { delete guard; }
EXPORT int32_t torchsharp_anomaly_mode() { return torch::autograd::AnomalyMode::is_enabled() ? 1 : 0; }
EXPORT int32_t torchsharp_anomaly_checks_nan() { return torch::autograd::AnomalyMode::should_check_nan() ? 1 : 0; }
EXPORT void torchsharp_set_anomaly_mode(int32_t enabled, int32_t check_nan) {
  torch::autograd::AnomalyMode::set_enabled(enabled != 0, check_nan != 0);
}

EXPORT char* torchsharp_node_create(const char* name, BackwardCallback backward, DeleteCallback deleted, void* state,
                                    const Handle* inputs, int32_t count, NodeReference** result) {
  return guarded([&] {
    NodeReference reference = Counted<NodeReference>::create<ManagedNode>();
    auto* node = static_cast<ManagedNode*>(reference.get());
    node->title = name;
    node->backward = backward;
    node->set_next_edges(torch::autograd::collect_next_edges(borrow_all(inputs, count)));
    node->clear_input_metadata();
    node->deleted = deleted;
    node->state = state;
    *result = new NodeReference(std::move(reference));
  });
}

EXPORT void torchsharp_node_release(NodeReference* node) { delete node; }
EXPORT ManagedNode* torchsharp_node_get(NodeReference* node) { return static_cast<ManagedNode*>(node->get()); }

// Makes the outputs results of the node (or, without one, results of nothing), as PyTorch's own custom functions do.
EXPORT char* torchsharp_node_wrap_outputs(NodeReference* node, const Handle* inputs, int32_t input_count,
                                          const Handle* constant, int32_t constant_count, const Handle* dirty,
                                          int32_t dirty_count, const Handle* outputs, int32_t count, Handle* results) {
  return guarded([&] {
    std::unordered_set<at::TensorImpl*> constants(constant, constant + constant_count);
    std::unordered_set<at::TensorImpl*> changed(dirty, dirty + dirty_count);
    std::vector<Optional<at::Tensor>> raw;
    for (int32_t i = 0; i < count; i++)
      raw.push_back(outputs[i] == nullptr ? Optional<at::Tensor>() : Optional<at::Tensor>(borrow(outputs[i])));
    torch::autograd::_jvp_fn_t jvp = [](variable_list, variable_list) -> variable_list {
      throw std::runtime_error("forward-mode differentiation is not supported for custom functions");
    };
    NodeReference owner = node == nullptr ? NodeReference() : *node;
    auto wrapped = padded(&torch::autograd::_wrap_outputs, borrow_all(inputs, input_count), constants, changed,
                          at::ArrayRef<Optional<at::Tensor>>(raw), owner, jvp);
    for (size_t i = 0; i < wrapped.size(); i++) results[i] = wrapped[i].has_value() ? release(std::move(*wrapped[i])) : nullptr;
  });
}

EXPORT char* torchsharp_node_save(ManagedNode* node, const Handle* tensors, int32_t count) {
  return guarded([&] {
    node->saved.clear();
    for (int32_t i = 0; i < count; i++) {
      auto tensor = borrow(tensors[i]);
      bool is_output = tensor.defined() && tensor.grad_fn().get() == node;
      node->saved.emplace_back(tensor, is_output);
    }
  });
}

EXPORT int32_t torchsharp_node_saved_count(ManagedNode* node) { return static_cast<int32_t>(node->saved.size()); }

EXPORT char* torchsharp_node_saved(ManagedNode* node, Handle* results) {
  return guarded([&] {
    NodeReference owner = Counted<NodeReference>::of(node);
    for (size_t i = 0; i < node->saved.size(); i++) results[i] = release(node->saved[i].unpack(owner));
  });
}

// ---- random numbers ----

EXPORT char* torchsharp_generator_create(uint64_t seed, int32_t device_type, int32_t device_index, at::Generator** result) {
  return guarded([&] {
    auto type = static_cast<c10::DeviceType>(device_type);
    if (type == c10::DeviceType::CPU) {
      *result = new at::Generator(at::detail::createCPUGenerator(seed));
      return;
    }
    c10::Device device(type, static_cast<c10::DeviceIndex>(device_index));
    auto generator = at::globalContext().defaultGenerator(device).clone();
    generator.set_current_seed(seed);
    *result = new at::Generator(std::move(generator));
  });
}

EXPORT char* torchsharp_generator_default(at::Generator** result) {
  return guarded([&] { *result = new at::Generator(at::globalContext().defaultGenerator(c10::Device(c10::kCPU))); });
}

EXPORT void torchsharp_generator_delete(at::Generator* generator) { delete generator; }
EXPORT int64_t torchsharp_generator_seed(at::Generator* generator) { return static_cast<int64_t>(generator->current_seed()); }

EXPORT char* torchsharp_generator_set_seed(at::Generator* generator, int64_t seed) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_current_seed(static_cast<uint64_t>(seed));
  });
}

EXPORT char* torchsharp_generator_state(at::Generator* generator, Handle* result) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    *result = release(generator->get_state());
  });
}

EXPORT char* torchsharp_generator_set_state(at::Generator* generator, Handle state) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_state(borrow(state));
  });
}

EXPORT char* torchsharp_manual_seed(int64_t seed) {
  return guarded([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

EXPORT char* torchsharp_cuda_manual_seed(int64_t seed, int32_t all) {
  return guarded([&] {
    int devices = cuda_devices();
    for (int i = 0; i < (all != 0 ? devices : std::min(devices, 1)); i++) {
      auto generator = at::globalContext().defaultGenerator(
          c10::Device(c10::kCUDA, all != 0 ? static_cast<c10::DeviceIndex>(i) : static_cast<c10::DeviceIndex>(-1)));
      std::lock_guard<std::mutex> lock(generator.mutex());
      generator.set_current_seed(static_cast<uint64_t>(seed));
    }
  });
}

// ---- devices and threads ----

EXPORT int32_t torchsharp_cuda_is_available() { return cuda_devices() > 0 ? 1 : 0; }
EXPORT int32_t torchsharp_cudnn_is_available() { return at::globalContext().hasCuDNN() ? 1 : 0; }

EXPORT char* torchsharp_cuda_device_count(int32_t* count) {
  return guarded([&] { *count = cuda_devices(); });
}

EXPORT char* torchsharp_cuda_synchronize(int64_t device) {
  return guarded([&] {
    if (device < 0) device = c10::impl::VirtualGuardImpl(c10::kCUDA).getDevice().index();
    at::detail::getCUDAHooks().deviceSynchronize(device);
  });
}

EXPORT int32_t torchsharp_get_flag(int32_t flag) {
  auto& context = at::globalContext();
  switch (flag) {
    case 0: return context.allowTF32CuBLAS() ? 1 : 0;
    case 1: return context.allowTF32CuDNN() ? 1 : 0;
    default: return 0;
  }
}

EXPORT char* torchsharp_set_flag(int32_t flag, int32_t value) {
  return guarded([&] {
    auto& context = at::globalContext();
    switch (flag) {
      case 0: context.setAllowTF32CuBLAS(value != 0); break;
      case 1: context.setAllowTF32CuDNN(value != 0); break;
    }
  });
}

EXPORT char* torchsharp_set_num_threads(int32_t count) { return guarded([&] { at::set_num_threads(count); }); }
EXPORT int32_t torchsharp_get_num_threads() { return at::get_num_threads(); }
EXPORT char* torchsharp_set_num_interop_threads(int32_t count) { return guarded([&] { at::set_num_interop_threads(count); }); }
EXPORT int32_t torchsharp_get_num_interop_threads() { return static_cast<int32_t>(at::get_num_interop_threads()); }
