//! Generates the ONNX operators of an activation.

use std::slice;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::code::{Code, local};
use super::operation::{Method, Operation};
use super::ssa::{Id, Ssa};

/// Generates an expression of the type `Option<Operation>`: the function's operations, or `None` if it calls functions.
pub fn operators(code: &Code, hyperparameters: &[Ident], result: Id) -> TokenStream {
    let library = &code.signature.library;
    let (ssa, none) = (code.ssa, quote!(::core::option::Option::None));
    let needed = needed(ssa, result);
    let mut statements = Vec::new();
    for id in (1..=result).filter(|&id| needed[id]) {
        let value = match ssa.operation(id) {
            Operation::Input(place) => {
                let field = &hyperparameters[place - 1];
                quote!(#library::Operand::Number(self.#field))
            }
            Operation::Constant(_) => {
                let constant = code.operand(id);
                quote!(#library::Operand::Number(#library::Scalar::as_f64(#constant)))
            }
            _ => match value(code, id) {
                Some(value) => value,
                None => return none,
            },
        };
        let name = local(id);
        statements.push(quote!(let #name = #value;));
    }
    // The result is the last operator, unless it is a constant.
    if matches!(ssa.operation(result), Operation::Constant(_)) || (1..ssa.inputs).contains(&result) {
        return none;
    }
    let operation = operation_name();
    quote! {
        let mut #operation = #library::Operation::identity();
        #(#statements)*
        ::core::option::Option::Some(#operation)
    }
}

/// Flags the values that the result needs, where a sigmoid needs only its argument.
fn needed(ssa: &Ssa, result: Id) -> Vec<bool> {
    let mut needed = vec![false; ssa.nodes.len()];
    needed[result] = true;
    for id in (0..=result).rev() {
        if needed[id] {
            match sigmoid(ssa, id) {
                Some(x) => needed[x] = true,
                None => ssa.nodes[id].operands.iter().for_each(|&operand| needed[operand] = true),
            }
        }
    }
    needed
}

fn operation_name() -> Ident {
    Ident::new("operation", Span::mixed_site())
}

/// Pushes the operators of a value, as an expression of the type `Operand`.
fn value(code: &Code, id: Id) -> Option<TokenStream> {
    let (ssa, library, operation) = (code.ssa, &code.signature.library, operation_name());
    let operand = |id: Id| {
        if id == 0 {
            return quote!(#library::Operand::Input);
        }
        let name = local(id);
        quote!(#name)
    };
    let push = |name: &str, operands: &[TokenStream]| quote!(#operation.push(#library::Operator::new(#name, [#(#operands),*])));
    let (one, inner) = (quote!(#library::Operand::Number(1.0)), Ident::new("inner", Span::mixed_site()));
    let operands: Vec<_> = ssa.nodes[id].operands.iter().map(|&id| operand(id)).collect();
    if let Some(x) = sigmoid(ssa, id) {
        return Some(push("Sigmoid", &[operand(x)]));
    }
    Some(match (ssa.operation(id), &*operands) {
        (Operation::Powi(exponent), [x]) => {
            let exponent = &exponent.tokens;
            let exponent = quote!(#library::Operand::Number(::core::primitive::f64::from(#exponent)));
            push("Pow", &[x.clone(), exponent])
        }
        (Operation::Method(Method::ExpM1), [x]) => {
            let exp = push("Exp", slice::from_ref(x));
            let difference = push("Sub", &[quote!(#inner), one]);
            quote!({ let #inner = #exp; #difference })
        }
        (Operation::Method(Method::Ln1p), [x]) => {
            let sum = push("Add", &[x.clone(), one]);
            let logarithm = push("Log", &[quote!(#inner)]);
            quote!({ let #inner = #sum; #logarithm })
        }
        (Operation::Method(Method::MulAdd), [x, factor, summand]) => {
            let product = push("Mul", &[x.clone(), factor.clone()]);
            let sum = push("Add", &[quote!(#inner), summand.clone()]);
            quote!({ let #inner = #product; #sum })
        }
        (other, operands) => push(name(other)?, operands),
    })
}

/// The argument of the sigmoid function, if that is the value.
fn sigmoid(ssa: &Ssa, id: Id) -> Option<Id> {
    let (_, e) = ssa.logistic_parts(id)?;
    let minus = (*ssa.operation(e) == Operation::Method(Method::Exp)).then(|| ssa.nodes[e].operands[0])?;
    (*ssa.operation(minus) == Operation::Neg).then(|| ssa.nodes[minus].operands[0])
}

/// The ONNX operator of an operation.
fn name(operation: &Operation) -> Option<&'static str> {
    Some(match operation {
        Operation::Add => "Add",
        Operation::Sub => "Sub",
        Operation::Mul => "Mul",
        Operation::Div => "Div",
        Operation::Neg => "Neg",
        Operation::Method(method) => match method {
            Method::Exp => "Exp",
            Method::Ln => "Log",
            Method::Sqrt => "Sqrt",
            Method::Recip => "Reciprocal",
            Method::Powf => "Pow",
            Method::Sin => "Sin",
            Method::Cos => "Cos",
            Method::Tan => "Tan",
            Method::Tanh => "Tanh",
            Method::Sinh => "Sinh",
            Method::Cosh => "Cosh",
            Method::Abs => "Abs",
            Method::Max => "Max",
            Method::Min => "Min",
            Method::ExpM1 | Method::Ln1p | Method::MulAdd => return None,
        },
        _ => return None,
    })
}
