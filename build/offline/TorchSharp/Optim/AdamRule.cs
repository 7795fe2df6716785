using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>What Adam and AdamW have in common: the step from the moments, in a handful of calls for all parameters together.</summary>
    internal static class AdamRule
    {
        public static void Update(
            (double Rate, double Beta1, double Beta2, double Eps) options, long step, Tensor[] parameters, Tensor[] grads,
            Tensor[] means, Tensor[] squares, Tensor[]? largest)
        {
            var (rate, beta1, beta2, eps) = options;
            Op.Do("_foreach_mul_.Scalar", means, beta1);
            Op.Do("_foreach_add_.List", means, grads, 1 - beta1);
            Op.Do("_foreach_mul_.Scalar", squares, beta2);
            Op.Do("_foreach_addcmul_.Scalar", squares, grads, grads, 1 - beta2);
            if (largest is not null)
                squares = [.. largest.Zip(squares, (most, square) => most.copy_(most.maximum(square)))];
            var denominators = Op.CallList("_foreach_sqrt", squares.Length, [squares]);
            Op.Do("_foreach_div_.Scalar", denominators, Math.Sqrt(1 - Math.Pow(beta2, step)));
            Op.Do("_foreach_add_.Scalar", denominators, eps);
            Op.Do("_foreach_addcdiv_.Scalar", parameters, means, denominators, -rate / (1 - Math.Pow(beta1, step)));
        }

        public static T[] Pick<T>(T[] all, int[] places) => places.Length == all.Length ? all : Array.ConvertAll(places, i => all[i]);
    }
}
