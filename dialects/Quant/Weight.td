//===- Weight.td - The weight dialect -----------------------*- tablegen -*-===//
//
// Names a checkpoint's tensors and says how they are stored in the module. Spelled
// `weight`, because upstream MLIR owns `quant`.
//
//===----------------------------------------------------------------------===//

#ifndef RWKVC_WEIGHT_TD
#define RWKVC_WEIGHT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Weight_Dialect : Dialect {
  let name = "weight";
  let cppNamespace = "::rwkvc::weight";
  let summary = "A model's weights as named external resources.";
  let description = [{
    Weights never appear as constants in the IR: an op names a tensor of the
    checkpoint, the transforms folded into it, and its layout in the module.
  }];
  let useDefaultAttributePrinterParser = 1;
}

class Weight_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Weight_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
}

def Weight_LayoutAttr : Weight_Attr<"Layout", "layout"> {
  let summary = "How a weight's elements lie in the module.";
  let description = [{
    The encoding of a weight's tensor type. `format` names a file of
    dialects/Quant. A `panel` of 0 means row-major; otherwise the weight [N, K]
    is stored as ceil(N / panel) panels, each with all K inputs of `panel`
    outputs in the order in which a matrix-vector product reads them.

    With `input_major`, all outputs of an input lie together, and a panel is
    what a unit of work reads of them: kInputBlock outputs.

    Example: `tensor<2048x2048xbf16, #weight.layout<"bf16", panel = 64>>`.
  }];
  let parameters = (ins StringRefParameter<"name of the format">:$format,
                        "int64_t":$panel,
                        DefaultValuedParameter<"bool", "false">:$input_major);
  let assemblyFormat = [{
    `<` $format `,` `panel` `=` $panel (`,` `input_major` `=` $input_major^)? `>`
  }];
}

def Weight_MapKind : I32EnumAttr<"MapKind", "an element-wise transform", [
    I32EnumAttrCase<"Exp", 0, "exp">,
    I32EnumAttrCase<"NegExp", 1, "neg_exp">,
    I32EnumAttrCase<"ExpNegExp", 2, "exp_neg_exp">]> {
  let cppNamespace = "::rwkvc::weight";
  let genSpecializedAttr = 0;
}

def Weight_MapAttr : Weight_Attr<"Map", "map"> {
  let summary = "e^x, -e^x or e^(-e^x) of every element, in f32.";
  let parameters = (ins EnumParameter<Weight_MapKind>:$kind);
  let assemblyFormat = "`<` $kind `>`";
}

def Weight_LayerNormAttr : Weight_Attr<"LayerNorm", "layer_norm"> {
  let summary = "LayerNorm of every row, in f32.";
  let parameters = (ins StringRefParameter<"tensor of the scale, [C]">:$scale,
                        StringRefParameter<"tensor of the offset, [C]">:$offset,
                        "::mlir::FloatAttr":$eps);
  let assemblyFormat = "`<` $scale `,` $offset `,` $eps `>`";
}

def Weight_TensorOp : Op<Weight_Dialect, "tensor", [Pure]> {
  let summary = "A named tensor of the checkpoint.";
  let description = [{
    The value is the tensor `name` after `transforms`, applied in order. Its
    type is that of the checkpoint; with transforms the element type is f32,
    so that folding never rounds. `stored` is the format that the module keeps
    it in, whose rounding comes last; without it, that of the element type.

    Constraints:

    * (C1) The name is not empty.
    * (C2) A transformed weight has element type f32.
    * (C3) A layer_norm transform needs a matrix.
    * (C4) `stored` names a format.

    Example:

    ```mlir
    %k = weight.tensor "blocks.0.att.key.weight" stored "q8" : tensor<64x64xbf16>
    %w = weight.tensor "blocks.0.att.time_decay"
        transforms [#weight.map<exp_neg_exp>] : tensor<64xf32>
    ```
  }];
  let arguments = (ins StrAttr:$name, OptionalAttr<ArrayAttr>:$transforms,
                       OptionalAttr<StrAttr>:$stored);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = [{
    $name (`transforms` $transforms^)? (`stored` $stored^)? attr-dict
    `:` type($result)
  }];
  let extraClassDeclaration = [{
    /// The name of the format that the module keeps the tensor in.
    ::llvm::StringRef getStoredFormat();
  }];
  let hasVerifier = 1;
}

#endif // RWKVC_WEIGHT_TD
