//===- ActivationKind.td - What rwkv.activate applies -------*- tablegen -*-===//
//
// One case a function of one number. A new one needs its case here and its arithmetic in
// Activate.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef RWKV_ACTIVATION_KIND_TD
#define RWKV_ACTIVATION_KIND_TD

include "mlir/IR/EnumAttr.td"

def RWKV_ActivationKind : I32EnumAttr<"ActivationKind",
    "a function of one number", [
      I32EnumAttrCase<"Exp", 0, "exp">,
      I32EnumAttrCase<"NegExp", 1, "neg_exp">,
      I32EnumAttrCase<"ExpNegExp", 2, "exp_neg_exp">,
      I32EnumAttrCase<"ExpNegSigmoid", 3, "exp_neg_sigmoid">,
      I32EnumAttrCase<"Sigmoid", 4, "sigmoid">,
      I32EnumAttrCase<"Silu", 5, "silu">,
      I32EnumAttrCase<"Tanh", 6, "tanh">,
      I32EnumAttrCase<"ReluSquared", 7, "relu_squared">,
    ]> {
  let cppNamespace = "::rwkvc::rwkv";
}

#endif // RWKV_ACTIVATION_KIND_TD
