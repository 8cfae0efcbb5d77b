//! The messages of an ONNX file that this library writes, with the field numbers of
//! [onnx.proto](https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).

use prost::{Message, Oneof};

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Model {
    #[prost(int64, tag = 1)]
    pub(crate) ir_version: i64,
    #[prost(string, tag = 2)]
    pub(crate) producer_name: String,
    #[prost(string, tag = 3)]
    pub(crate) producer_version: String,
    #[prost(message, optional, tag = 7)]
    pub(crate) graph: Option<Graph>,
    #[prost(message, repeated, tag = 8)]
    pub(crate) opset_import: Vec<OperatorSet>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct OperatorSet {
    #[prost(string, tag = 1)]
    pub(crate) domain: String,
    #[prost(int64, tag = 2)]
    pub(crate) version: i64,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Graph {
    #[prost(message, repeated, tag = 1)]
    pub(crate) node: Vec<Node>,
    #[prost(string, tag = 2)]
    pub(crate) name: String,
    #[prost(message, repeated, tag = 5)]
    pub(crate) initializer: Vec<Tensor>,
    #[prost(message, repeated, tag = 11)]
    pub(crate) input: Vec<ValueInfo>,
    #[prost(message, repeated, tag = 12)]
    pub(crate) output: Vec<ValueInfo>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Node {
    #[prost(string, repeated, tag = 1)]
    pub(crate) input: Vec<String>,
    #[prost(string, repeated, tag = 2)]
    pub(crate) output: Vec<String>,
    #[prost(string, tag = 3)]
    pub(crate) name: String,
    #[prost(string, tag = 4)]
    pub(crate) op_type: String,
    #[prost(message, repeated, tag = 5)]
    pub(crate) attribute: Vec<Attribute>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Attribute {
    #[prost(string, tag = 1)]
    pub(crate) name: String,
    #[prost(float, optional, tag = 2)]
    pub(crate) f: Option<f32>,
    #[prost(int64, optional, tag = 3)]
    pub(crate) i: Option<i64>,
    #[prost(bytes = "vec", optional, tag = 4)]
    pub(crate) s: Option<Vec<u8>>,
    #[prost(int64, repeated, packed = "false", tag = 8)]
    pub(crate) ints: Vec<i64>,
    #[prost(enumeration = "AttributeType", tag = 20)]
    pub(crate) r#type: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
pub(crate) enum AttributeType {
    Undefined = 0,
    Float = 1,
    Int = 2,
    String = 3,
    Ints = 7,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Tensor {
    #[prost(int64, repeated, packed = "false", tag = 1)]
    pub(crate) dims: Vec<i64>,
    #[prost(enumeration = "DataType", tag = 2)]
    pub(crate) data_type: i32,
    #[prost(string, tag = 8)]
    pub(crate) name: String,
    #[prost(bytes = "vec", tag = 9)]
    pub(crate) raw_data: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
pub(crate) enum DataType {
    Undefined = 0,
    Float = 1,
    Int64 = 7,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ValueInfo {
    #[prost(string, tag = 1)]
    pub(crate) name: String,
    #[prost(message, optional, tag = 2)]
    pub(crate) r#type: Option<Type>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Type {
    #[prost(message, optional, tag = 1)]
    pub(crate) tensor_type: Option<TensorType>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TensorType {
    #[prost(enumeration = "DataType", tag = 1)]
    pub(crate) elem_type: i32,
    #[prost(message, optional, tag = 2)]
    pub(crate) shape: Option<TensorShape>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TensorShape {
    #[prost(message, repeated, tag = 1)]
    pub(crate) dim: Vec<Dimension>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Dimension {
    #[prost(oneof = "Size", tags = "1, 2")]
    pub(crate) value: Option<Size>,
}

#[derive(Clone, PartialEq, Eq, Oneof)]
pub(crate) enum Size {
    #[prost(int64, tag = 1)]
    Number(i64),
    #[prost(string, tag = 2)]
    Symbol(String),
}
