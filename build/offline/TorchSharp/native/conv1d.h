// One-dimensional convolution with stride one on the CPU, forward and backward.
//
// libtorch 1.13 goes through the two-dimensional kernels, which reach a third of the processor's multiply-adds with the 12 leads of an
// ECG. Here each output row is a sum of shifted input rows, four channels by three vectors of time at once, so that every loaded value
// is used several times and all sums stay in registers. A training step of the published network takes half as long (build/bench.sh).
// Sums run over time and channels in an order that does not depend on the number of threads.
#pragma once
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <immintrin.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace conv1d {

constexpr int64_t kLanes = 8, kVectors = 3, kTile = kLanes * kVectors, kChannels = 4, kMostTaps = 3;

inline int64_t round_up(int64_t value, int64_t multiple) { return (value + multiple - 1) / multiple * multiple; }

// Rows of `length` values with `margin` zeros before each and zeros up to `stride` after it.
inline void copy_with_margins(const float* from, int64_t rows, int64_t length, float* to, int64_t margin, int64_t stride) {
  for (int64_t row = 0; row < rows; row++) {
    float* line = to + row * stride;
    std::fill_n(line, margin, 0.0f);
    std::copy_n(from + row * length, length, line + margin);
    std::fill(line + margin + length, line + stride, 0.0f);
  }
}

// The weights in the order in which the kernel reads them: (block of output channels, input channel, tap, channel in the block).
inline std::vector<float> pack(const float* weight, int64_t outputs, int64_t inputs, int64_t taps, bool transposed) {
  const int64_t blocks = round_up(outputs, kChannels) / kChannels;
  std::vector<float> packed(blocks * inputs * taps * kChannels, 0.0f);
  for (int64_t o = 0; o < outputs; o++)
    for (int64_t i = 0; i < inputs; i++)
      for (int64_t k = 0; k < taps; k++)
        packed[((o / kChannels * inputs + i) * taps + k) * kChannels + o % kChannels] =
            transposed ? weight[(i * outputs + o) * taps + taps - 1 - k] : weight[(o * inputs + i) * taps + k];
  return packed;
}

// One tile of four output channels and 24 time steps.
__attribute__((target("avx2,fma"))) inline void tile(
    const float* input, int64_t stride, const float* weights, int64_t inputs, int64_t taps, const float* bias, float* output, int64_t output_stride) {
  __m256 sum[kChannels][kVectors];
#pragma GCC unroll 4
  for (int c = 0; c < kChannels; c++) sum[c][0] = sum[c][1] = sum[c][2] = _mm256_broadcast_ss(bias + c);
  for (int64_t i = 0; i < inputs; i++, input += stride)
    for (int64_t k = 0; k < taps; k++, weights += kChannels) {
      const __m256 x0 = _mm256_loadu_ps(input + k), x1 = _mm256_loadu_ps(input + k + kLanes), x2 = _mm256_loadu_ps(input + k + 2 * kLanes);
#pragma GCC unroll 4
      for (int c = 0; c < kChannels; c++) {
        const __m256 w = _mm256_broadcast_ss(weights + c);
        sum[c][0] = _mm256_fmadd_ps(w, x0, sum[c][0]);
        sum[c][1] = _mm256_fmadd_ps(w, x1, sum[c][1]);
        sum[c][2] = _mm256_fmadd_ps(w, x2, sum[c][2]);
      }
    }
#pragma GCC unroll 4
  for (int c = 0; c < kChannels; c++) {
    _mm256_storeu_ps(output + c * output_stride, sum[c][0]);
    _mm256_storeu_ps(output + c * output_stride + kLanes, sum[c][1]);
    _mm256_storeu_ps(output + c * output_stride + 2 * kLanes, sum[c][2]);
  }
}

// All outputs of a batch: (batch, inputs, length) to (batch, outputs, length + 2 * padding - taps + 1).
inline void run(const float* input, int64_t batch, int64_t inputs, int64_t length, const std::vector<float>& packed, const float* bias,
                int64_t outputs, int64_t taps, int64_t padding, float* output) {
  const int64_t steps = length + 2 * padding - taps + 1, stride = round_up(steps, kTile) + taps;
  const int64_t blocks = round_up(outputs, kChannels) / kChannels;
  std::vector<float> biases(blocks * kChannels, 0.0f);
  if (bias) std::copy_n(bias, outputs, biases.begin());
  at::parallel_for(0, batch, 1, [&](int64_t begin, int64_t end) {
    std::vector<float> padded(inputs * stride);
    float spare[kChannels * kTile];
    for (int64_t b = begin; b < end; b++) {
      copy_with_margins(input + b * inputs * length, inputs, length, padded.data(), padding, stride);
      for (int64_t block = 0; block < blocks; block++) {
        const int64_t channel = block * kChannels, channels = std::min(kChannels, outputs - channel);
        const float* weights = packed.data() + block * inputs * taps * kChannels;
        float* rows = output + (b * outputs + channel) * steps;
        for (int64_t t = 0; t < steps; t += kTile) {
          const bool whole = channels == kChannels && t + kTile <= steps;
          tile(padded.data() + t, stride, weights, inputs, taps, biases.data() + channel, whole ? rows + t : spare, whole ? steps : kTile);
          if (!whole)
            for (int64_t c = 0; c < channels; c++) std::copy_n(spare + c * kTile, std::min(kTile, steps - t), rows + c * steps + t);
        }
      }
    }
  });
}

// Products of four gradient rows with one input row at Taps shifts, summed over time and the recordings of a chunk.
template <int Taps>
__attribute__((target("avx2,fma"))) inline void correlate(
    const float* gradient, int64_t gradient_stride, const float* input, int64_t steps, int64_t recordings, int64_t next_gradient, int64_t next_input,
    float* result, int64_t result_stride, int64_t channels) {
  __m256 sum[kChannels][Taps];
#pragma GCC unroll 4
  for (int c = 0; c < kChannels; c++)
#pragma GCC unroll 3
    for (int k = 0; k < Taps; k++) sum[c][k] = _mm256_setzero_ps();
  for (int64_t r = 0; r < recordings; r++, gradient += next_gradient, input += next_input)
    for (int64_t t = 0; t < steps; t += kLanes) {
      __m256 x[Taps];
#pragma GCC unroll 3
      for (int k = 0; k < Taps; k++) x[k] = _mm256_loadu_ps(input + t + k);
#pragma GCC unroll 4
      for (int c = 0; c < kChannels; c++) {
        const __m256 g = _mm256_loadu_ps(gradient + c * gradient_stride + t);
#pragma GCC unroll 3
        for (int k = 0; k < Taps; k++) sum[c][k] = _mm256_fmadd_ps(g, x[k], sum[c][k]);
      }
    }
  float lanes[kChannels][Taps][kLanes];
#pragma GCC unroll 4
  for (int c = 0; c < kChannels; c++)
#pragma GCC unroll 3
    for (int k = 0; k < Taps; k++) _mm256_storeu_ps(lanes[c][k], sum[c][k]);
  for (int64_t c = 0; c < channels; c++)
    for (int64_t k = 0; k < Taps; k++) result[c * result_stride + k] = std::accumulate(lanes[c][k], lanes[c][k] + kLanes, 0.0f);
}

// The gradient of the weights. Recordings are summed in chunks that fit the cache, the chunks one after the other.
inline void weight_gradient(const float* gradient, const float* input, int64_t batch, int64_t outputs, int64_t inputs, int64_t length, int64_t taps,
                            int64_t padding, float* result) {
  const int64_t steps = length + 2 * padding - taps + 1, gradient_stride = round_up(steps, kLanes), input_stride = gradient_stride + taps;
  const int64_t rows = round_up(outputs, kChannels), gradient_size = rows * gradient_stride, input_size = inputs * input_stride;
  const int64_t chunk = std::clamp<int64_t>((96 << 10) / (gradient_size + input_size), 1, 16), chunks = (batch + chunk - 1) / chunk;
  const int64_t weights = outputs * inputs * taps;
  std::vector<float> partial(chunks * weights);
  at::parallel_for(0, chunks, 1, [&](int64_t begin, int64_t end) {
    std::vector<float> gradients(chunk * gradient_size, 0.0f), padded(chunk * input_size);
    for (int64_t part = begin; part < end; part++) {
      const int64_t first = part * chunk, recordings = std::min(chunk, batch - first);
      for (int64_t r = 0; r < recordings; r++) {
        copy_with_margins(gradient + (first + r) * outputs * steps, outputs, steps, gradients.data() + r * gradient_size, 0, gradient_stride);
        copy_with_margins(input + (first + r) * inputs * length, inputs, length, padded.data() + r * input_size, padding, input_stride);
      }
      for (int64_t o = 0; o < outputs; o += kChannels)
        for (int64_t i = 0; i < inputs; i++)
          for (int64_t k = 0; k < taps;) {
            // Seven taps are 3 + 2 + 2: a block of one keeps too few sums under way.
            const int64_t rest = taps - k, block = rest == 4 ? 2 : std::min(kMostTaps, rest);
            const auto products = block == 3 ? &correlate<3> : block == 2 ? &correlate<2> : &correlate<1>;
            products(gradients.data() + o * gradient_stride, gradient_stride, padded.data() + i * input_stride + k, gradient_stride, recordings, gradient_size,
                     input_size, partial.data() + part * weights + (o * inputs + i) * taps + k, inputs * taps, std::min(kChannels, outputs - o));
            k += block;
          }
    }
  });
  std::copy_n(partial.data(), weights, result);
  for (int64_t part = 1; part < chunks; part++)
    for (int64_t w = 0; w < weights; w++) result[w] += partial[part * weights + w];
}

struct Direct : torch::autograd::Function<Direct> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, int64_t padding) {
    const int64_t batch = input.size(0), inputs = input.size(1), length = input.size(2), outputs = weight.size(0), taps = weight.size(2);
    auto output = at::empty({batch, outputs, length + 2 * padding - taps + 1}, input.options());
    run(input.data_ptr<float>(), batch, inputs, length, pack(weight.data_ptr<float>(), outputs, inputs, taps, false), bias ? bias->data_ptr<float>() : nullptr,
        outputs, taps, padding, output.data_ptr<float>());
    context->save_for_backward({input, weight});
    context->saved_data["padding"] = padding;
    context->saved_data["input"] = input.requires_grad();
    context->saved_data["bias"] = bias.has_value();
    return output;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "this convolution has no second derivative here");
    const auto saved = context->get_saved_variables();
    const at::Tensor &input = saved[0], &weight = saved[1], gradient = gradients[0].contiguous();
    const int64_t batch = input.size(0), inputs = input.size(1), length = input.size(2), outputs = weight.size(0), taps = weight.size(2);
    const int64_t padding = context->saved_data["padding"].toInt();
    at::Tensor of_input, of_bias;
    if (context->saved_data["input"].toBool()) {
      // The same sum the other way round: channels exchanged, taps reversed.
      of_input = at::empty_like(input);
      run(gradient.data_ptr<float>(), batch, outputs, gradient.size(2), pack(weight.data_ptr<float>(), inputs, outputs, taps, true), nullptr, inputs, taps,
          taps - 1 - padding, of_input.data_ptr<float>());
    }
    auto of_weight = at::empty_like(weight);
    weight_gradient(gradient.data_ptr<float>(), input.data_ptr<float>(), batch, outputs, inputs, length, taps, padding, of_weight.data_ptr<float>());
    if (context->saved_data["bias"].toBool()) of_bias = gradient.sum(at::IntArrayRef{0, 2});
    return {of_input, of_weight, of_bias, at::Tensor()};
  }
};

inline bool fits(const at::Tensor& tensor) { return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.dim() == 3 && tensor.is_contiguous() && tensor.numel() > 0; }

// What aten::conv1d computes; for the sizes, types and devices that the kernels here are not for, aten::conv1d itself.
inline at::Tensor conv1d(const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride,
                         at::IntArrayRef padding, at::IntArrayRef dilation, int64_t groups) {
  static const bool supported = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool here = supported && stride[0] == 1 && dilation[0] == 1 && groups == 1 && fits(input) && fits(weight) && input.size(1) == weight.size(1) &&
                    padding[0] < weight.size(2) && input.size(2) + 2 * padding[0] >= weight.size(2) &&
                    (!bias || !bias->defined() || (bias->scalar_type() == at::kFloat && bias->is_contiguous() && bias->numel() == weight.size(0)));
  const auto given = bias && bias->defined() ? bias : c10::nullopt;
  return here ? Direct::apply(input, weight, given, padding[0]) : at::conv1d(input, weight, bias, stride, padding, dilation, groups);
}

}  // namespace conv1d
