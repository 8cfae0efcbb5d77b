//! Reads and writes safetensors files of PyTorch.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use safetensors::tensor::TensorInfo;
use safetensors::{Dtype, View};

use crate::formats::checkpoint::{
    HEADER_PER_BLOCK, Header, LENGTH, Problem, kind_of, places, read_header, read_tensor, replace, short,
};
use crate::formats::foreign;
use crate::formats::pytorch::assign::Shapes;
use crate::formats::pytorch::floats;
use crate::formats::pytorch::names::Slot;
use crate::networks::Network;
use crate::parameters::{Leaf, Path as Names, Twins, count, each, first_not_finite, walk};
use crate::scalar::{Scalar, all_finite};

/// The maximum length of a header, without [`HEADER_PER_BLOCK`] for each parameter of the network.
const HEADER: u64 = 1024 * 1024;
/// The tensor of a batch norm that counts its training steps, which does not change a network.
const COUNTER: &str = "num_batches_tracked";
/// The tensor beside which PyTorch expects a counter.
const COUNTED: &str = "running_mean";

/// A file whose header has been read.
pub(super) struct StateDict {
    tensors: HashMap<String, TensorInfo>,
    header: u64,
    /// The number of bytes after the header.
    length: u64,
    rest: BufReader<File>,
}

impl StateDict {
    pub(super) fn open<Net: Network>(path: &Path, net: &Net) -> Result<Self, Problem> {
        let kind = fs::metadata(path)?;
        if !kind.is_file() {
            return Err(format!("is {}", kind_of(kind.file_type())).into());
        }
        let mut rest = BufReader::new(File::open(path)?);
        let length = rest.get_ref().metadata()?.len();
        refuse_pickle(&mut rest, path)?;
        let header = read_header(&mut rest, length, HEADER + HEADER_PER_BLOCK * count(net).0 as u64)?;
        let tensors = Header::parse(&header)?.tensors;
        let header = header.len() as u64;
        Ok(Self { tensors, header, length: length - LENGTH - header, rest })
    }

    /// The shapes of the tensors, without counters.
    pub(super) fn shapes(&self) -> Shapes {
        let tensors = self.tensors.iter().filter(|(name, _)| name.rsplit('.').next() != Some(COUNTER));
        tensors.map(|(name, info)| (name.clone(), info.shape.clone())).collect()
    }

    /// Fills a network with the tensors that are assigned to its parameters.
    pub(super) fn read<Net: Network>(mut self, assigned: HashMap<String, Slot>, net: &mut Net) -> Result<(), Problem> {
        let mut readers = HashMap::new();
        for (name, slot) in assigned {
            let kind = self.tensors.get(&name).map(|info| info.dtype);
            let Some(reader) = kind.and_then(floats::reader::<Net::Scalar>) else {
                let kind = kind.map_or_else(String::new, |kind| kind.to_string());
                return Err(
                    format!("holds `{}` as {kind}, but it should be F16, BF16, F32 or F64", short(&name)).into()
                );
            };
            readers.insert(name, (slot, reader));
        }
        self.rest.seek(SeekFrom::Start(LENGTH + self.header))?;
        let mut values = HashMap::new();
        for (length, name) in places(self.tensors, self.length)? {
            match readers.remove(&name) {
                Some((slot, reader)) => {
                    let numbers = reader(&read_tensor(&mut self.rest, &name, length)?);
                    if !all_finite(&numbers) {
                        return Err(format!("holds a NaN or infinite value in `{}`", short(&name)).into());
                    }
                    values.insert(slot.own.clone(), (slot, numbers));
                }
                None => {
                    let length = i64::try_from(length).map_err(|_| "is longer than a file can be".to_owned())?;
                    self.rest.seek_relative(length)?;
                }
            }
        }
        walk(net, [], [], Names::root(""), &mut |at, twins| {
            if let Twins::Parameter { values: ours, .. } = twins
                && let Some((slot, numbers)) = values.remove(&at.to_string())
            {
                let places = foreign::order(slot.own_shape, slot.layout);
                places.zip(numbers).for_each(|(place, number)| ours[place] = number);
            }
        });
        Ok(())
    }
}

/// Returns an error for files of `torch.save`, which can contain code.
fn refuse_pickle(file: &mut BufReader<File>, path: &Path) -> Result<(), Problem> {
    let mut start = Vec::new();
    file.by_ref().take(4).read_to_end(&mut start)?;
    file.rewind()?;
    if start == *b"PK\x03\x04" || (start.first() == Some(&0x80) && matches!(start.get(1), Some(2..=5))) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        return Err(format!(
            "is a pickle of `torch.save`, not a safetensors file; convert it in Python: \
             safetensors.torch.save_file(torch.load(\"{name}\", weights_only=True), \"{stem}.safetensors\")"
        )
        .into());
    }
    Ok(())
}

/// A tensor to be written.
struct Tensor {
    kind: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl View for &Tensor {
    fn dtype(&self) -> Dtype {
        self.kind
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        (&*self.bytes).into()
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

/// Writes a network as a state dict.
pub(super) fn write<Net: Network>(net: &Net, slots: Vec<Slot>, path: &Path) -> Result<(), Problem> {
    if let Some(name) = first_not_finite(net) {
        return Err(format!("was not written: `{name}` has a NaN or infinite value").into());
    }
    let mut tensors: HashMap<String, Tensor> = HashMap::new();
    let mut slots = slots.into_iter();
    each(net, Names::root(""), &mut |_, leaf| {
        let Leaf::Parameter { values, .. } = leaf else { return };
        let Some(slot) = slots.next() else { return };
        let name = slot.name();
        if slot.tensor == COUNTED {
            let counter = Tensor { kind: Dtype::I64, shape: Vec::new(), bytes: 0_i64.to_le_bytes().to_vec() };
            let module = name.strip_suffix(COUNTED).unwrap_or_default();
            tensors.insert(format!("{module}{COUNTER}"), counter);
        }
        let values = foreign::order(slot.own_shape, slot.layout).map(|place| values[place]);
        let (kind, bytes) = bytes(values);
        tensors.insert(name, Tensor { kind, shape: slot.shape, bytes });
    });
    // Other programs read the key, such as Hugging Face's `transformers`.
    let metadata = [("format".to_owned(), "pt".to_owned())].into_iter().collect();
    let bytes = safetensors::serialize(&tensors, Some(metadata));
    let bytes = bytes.map_err(|problem| format!("was not written: {problem}"))?;
    replace(path, &bytes).map_err(Problem::Unwritable)
}

#[allow(clippy::cast_possible_truncation)] // the value was an `f32`
fn bytes<T: Scalar>(values: impl Iterator<Item = T>) -> (Dtype, Vec<u8>) {
    if T::NAME == f32::NAME {
        (Dtype::F32, values.flat_map(|value| (value.as_f64() as f32).to_le_bytes()).collect())
    } else {
        (Dtype::F64, values.flat_map(|value| value.as_f64().to_le_bytes()).collect())
    }
}
