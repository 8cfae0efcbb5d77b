//! Reads and writes safetensors files of PyTorch.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use safetensors::tensor::TensorInfo;

use crate::formats::checkpoint::{
    HEADER_PER_BLOCK, Header, LENGTH, Problem, Tensor, open, places, read_header, read_tensors, replace, serialize,
    short,
};
use crate::formats::foreign;
use crate::formats::pytorch::assign::Shapes;
use crate::formats::pytorch::floats;
use crate::formats::pytorch::names::Slot;
use crate::networks::Network;
use crate::parameters::{Leaf, Path as Names, Twins, count, each, first_not_finite, walk};
use crate::scalar::all_finite;

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
        let (mut rest, length) = open(path)?;
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
        let places = places(self.tensors, self.length)?;
        read_tensors(
            &mut self.rest,
            places,
            |name| readers.contains_key(name),
            |name, bytes| {
                let Some((slot, reader)) = readers.get(&name) else { return Ok(()) };
                let numbers = reader(&bytes);
                if !all_finite(&numbers) {
                    return Err(format!("holds a NaN or infinite value in `{}`", short(&name)).into());
                }
                values.insert(slot.own.clone(), (slot.clone(), numbers));
                Ok(())
            },
        )?;
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

/// Writes a network as a state dict.
pub(super) fn write<Net: Network>(net: &Net, slots: Vec<Slot>, path: &Path) -> Result<(), Problem> {
    if let Some(name) = first_not_finite(net) {
        return Err(format!("was not written: `{name}` has a NaN or infinite value").into());
    }
    let mut tensors = Vec::new();
    let mut slots = slots.into_iter();
    each(net, Names::root(""), &mut |_, leaf| {
        let Leaf::Parameter { values, .. } = leaf else { return };
        let Some(slot) = slots.next() else { return };
        let name = slot.name();
        if slot.tensor == COUNTED {
            let module = name.strip_suffix(COUNTED).unwrap_or_default();
            tensors.push(Tensor::integer(format!("{module}{COUNTER}"), 0));
        }
        let values = foreign::order(slot.own_shape, slot.layout).map(|place| values[place]);
        tensors.push(Tensor::numbers(name, slot.shape, values));
    });
    // Other programs read the key, such as Hugging Face's `transformers`.
    let bytes = serialize(&tensors, "format", "pt".to_owned())?;
    replace(path, &bytes).map_err(Problem::Unwritable)
}
