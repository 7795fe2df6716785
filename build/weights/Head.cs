// Writes the head of a model file alone, with the manifest: what PretrainedModels puts to the backbone in joint.safetensors.
//   dotnet run --file build/weights/Head.cs -- MODEL OUT
#:project ../../src/SignalCam.Core

using SignalCam.Core.Models;

var model = ModelFile.Load(args[0]);
var head = model.Weights.Where(weight => weight.Name.StartsWith("pred_layer.", StringComparison.Ordinal));
new ModelFile(model.Manifest, [.. head]).Save(args[1]);
