//! Reads tensors from untrusted files.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::mem::take;
use std::path::Path;

use safetensors::tensor::{self, TensorInfo};
use serde::Deserialize;

use crate::formats::checkpoint::NETWORK;
use crate::formats::checkpoint::checksum::{self, Summed};
use crate::formats::checkpoint::file::kind_of;
use crate::formats::checkpoint::metadata::{Metadata, short};
use crate::formats::checkpoint::problem::Problem;
use crate::formats::checkpoint::tensor::{Slot, Tensors};
use crate::formats::checkpoint::write::KEY;
use crate::networks::Network;

/// The maximum length of a header, without [`HEADER_PER_BLOCK`].
const HEADER: u64 = 64 * 1024;
/// The maximum length that a block of parameters adds: its entries for the network, the optimizer and the best network.
pub(crate) const HEADER_PER_BLOCK: u64 = 4 * 1024;
/// The number of bytes that hold the header's length.
pub(crate) const LENGTH: u64 = 8;

/// A file whose header has been read.
#[derive(Debug)]
pub(crate) struct Stored<R = BufReader<File>> {
    pub(crate) metadata: Metadata,
    header: Vec<u8>,
    tensors: HashMap<String, TensorInfo>,
    /// The number of bytes after the header.
    length: u64,
    rest: R,
}

/// A header that has not been checked.
#[derive(Deserialize)]
pub(crate) struct Header {
    #[serde(default, rename = "__metadata__")]
    metadata: HashMap<String, String>,
    #[serde(flatten)]
    pub(crate) tensors: HashMap<String, TensorInfo>,
}

impl Header {
    pub(crate) fn parse(header: &[u8]) -> Result<Self, Problem> {
        Ok(serde_json::from_slice(header).map_err(|problem| invalid_header(&problem.to_string()))?)
    }
}

/// The treatment of tensors that were not requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Surplus {
    /// They are an error.
    Refused,
    /// They are skipped, except under the prefix [`NETWORK`], where they are an error.
    Ignored,
}

impl Stored {
    /// Opens a file and reads its header.
    pub(crate) fn open<Net: Network>(path: &Path) -> Result<Self, Problem> {
        let (file, length) = open(path)?;
        Self::parse::<Net>(file, length)
    }
}

impl<'a> Stored<Cursor<&'a [u8]>> {
    /// Reads the header of a file in memory.
    pub(crate) fn in_memory<Net: Network>(bytes: &'a [u8]) -> Result<Self, Problem> {
        Self::parse::<Net>(Cursor::new(bytes), bytes.len() as u64)
    }
}

impl<R: Read + Seek> Stored<R> {
    fn parse<Net: Network>(mut file: R, length: u64) -> Result<Self, Problem> {
        let blocks = Slot::network("", &Net::default()).len() as u64;
        let header = read_header(&mut file, length, HEADER + HEADER_PER_BLOCK * blocks)?;
        let Header { metadata, tensors } = Header::parse(&header)?;
        let text = metadata.get(KEY);
        let text = text.ok_or_else(|| format!("is a safetensors file, but its metadata has no key `{KEY}`"))?;
        let metadata = Metadata::parse(text)?;
        let length = length - LENGTH - header.len() as u64;
        Ok(Self { metadata, header, tensors, length, rest: file })
    }

    /// Checks the file, then reads the tensors for `slots`.
    pub(crate) fn read<Net: Network>(mut self, slots: &[Slot], surplus: Surplus) -> Result<Tensors, Problem> {
        self.metadata.check_scalar::<Net>()?;
        // Tensors come first, so that an error names one. If a setting is missing, the error names the other layer.
        self.check(slots, surplus, |shape| !shape.is_empty())?;
        self.metadata.check::<Net>()?;
        if self.metadata.has_settings() {
            self.check(slots, surplus, <[usize]>::is_empty)?;
        }
        let places = self.places()?;
        self.check_sum()?;
        self.rest.seek(SeekFrom::Start(LENGTH + self.header.len() as u64))?;
        let wanted: HashSet<&str> = slots.iter().map(|slot| &*slot.name).collect();
        let mut tensors = HashMap::new();
        read_tensors(
            &mut self.rest,
            places,
            |name| wanted.contains(name),
            |name, bytes| {
                tensors.insert(name, bytes);
                Ok(())
            },
        )?;
        Ok(Tensors(tensors))
    }

    /// The lengths and names of the tensors, in file order. Checks the length of the file.
    fn places(&mut self) -> Result<Vec<(usize, String)>, Problem> {
        places(take(&mut self.tensors), self.length)
    }

    /// Checks the checksum, by reading the whole file before any tensor is allocated.
    fn check_sum(&mut self) -> Result<(), Problem> {
        let mut sum = Summed::new(&mut self.rest);
        add_header(&mut sum, &self.header, &self.metadata.checksum)?;
        io::copy(&mut sum, &mut io::sink())?;
        check_sum(sum.sum(), &self.metadata.checksum)
    }

    /// Checks that the tensors whose shape satisfies `looks_at` match the slots.
    fn check(&self, slots: &[Slot], surplus: Surplus, looks_at: fn(&[usize]) -> bool) -> Result<(), Problem> {
        for slot @ Slot { name, kind, shape } in slots.iter().filter(|slot| looks_at(&slot.shape)) {
            let Some(info) = self.tensors.get(name) else {
                return Err(format!("has no `{name}`, which should be {}", size(shape)).into());
            };
            if info.shape != slot.shape {
                return Err(format!("holds `{name}` as {}, but it should be {}", size(&info.shape), size(shape)).into());
            }
            if info.dtype != *kind {
                return Err(format!("holds `{name}` as {}, but it should be {kind}", info.dtype).into());
            }
        }
        let names: HashSet<&str> = slots.iter().map(|slot| &*slot.name).collect();
        let looked_at = self.tensors.iter().filter(|(_, info)| looks_at(&info.shape)).map(|(name, _)| name);
        let unknown = looked_at.filter(|name| surplus == Surplus::Refused || name.starts_with(NETWORK));
        match unknown.filter(|name| !names.contains(name.as_str())).min() {
            Some(name) => {
                Err(format!("holds `{}`, which is not part of this network or its training run", short(name)).into())
            }
            None => Ok(()),
        }
    }
}

/// The lengths and names of tensors, in file order. Checks that they fill the `length` bytes after the header.
pub(crate) fn places(tensors: HashMap<String, TensorInfo>, length: u64) -> Result<Vec<(usize, String)>, Problem> {
    let mut tensors: Vec<_> = tensors.into_iter().collect();
    tensors.sort_by_key(|(_, info)| info.data_offsets);
    let tensors = tensor::Metadata::new(None, tensors).map_err(|problem| invalid_header(&problem.to_string()))?;
    check_length(tensors.data_len() as u64, length)?;
    let length = |name: &str| tensors.info(name).map_or(0, |info| info.data_offsets.1 - info.data_offsets.0);
    Ok(tensors.offset_keys().into_iter().map(|name| (length(&name), name)).collect())
}

pub(crate) fn invalid_header(problem: &str) -> String {
    format!("is not a safetensors file: its header is invalid: {}", short(problem))
}

/// Opens a regular file; also returns its length.
pub(crate) fn open(path: &Path) -> Result<(BufReader<File>, u64), Problem> {
    let kind = fs::metadata(path)?;
    if !kind.is_file() {
        return Err(format!("is {}", kind_of(kind.file_type())).into());
    }
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    Ok((BufReader::new(file), length))
}

/// Reads the tensors that are wanted, one after the other, and skips the others.
pub(crate) fn read_tensors(
    file: &mut (impl Read + Seek),
    places: Vec<(usize, String)>,
    is_wanted: impl Fn(&str) -> bool,
    mut visit: impl FnMut(String, Vec<u8>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    for (length, name) in places {
        if is_wanted(&name) {
            let bytes = read_tensor(file, &name, length)?;
            visit(name, bytes)?;
        } else {
            let length = i64::try_from(length).map_err(|_| "is longer than a file can be".to_owned())?;
            file.seek(SeekFrom::Current(length))?;
        }
    }
    Ok(())
}

/// Reads the bytes of a tensor, if there is enough memory.
fn read_tensor(file: &mut impl Read, name: &str, length: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let no_room = |_| format!("holds `{}` of {length} bytes, for which there is not enough memory", short(name));
    bytes.try_reserve_exact(length).map_err(no_room)?;
    bytes.resize(length, 0);
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Reads the header, without its length. `length` is that of the file, `most` the maximum for the header.
pub(crate) fn read_header(file: &mut impl Read, length: u64, most: u64) -> Result<Vec<u8>, Problem> {
    if length == 0 {
        return Err("is empty".to_owned().into());
    }
    if length < LENGTH {
        return Err(format!("is not a safetensors file: it has {length} bytes, but needs at least {LENGTH}").into());
    }
    let mut header = [0; 8];
    file.read_exact(&mut header)?;
    let announced = u64::from_le_bytes(header);
    let rest = length - LENGTH;
    if announced > rest {
        return Err(format!(
            "is not a safetensors file, or is truncated: its header should have {announced} bytes, but only {rest} follow"
        )
        .into());
    }
    if announced > most {
        return Err(
            format!("has a header of {announced} bytes, but the header of this network has at most {most}").into()
        );
    }
    let mut header = Vec::new();
    file.take(announced).read_to_end(&mut header)?;
    Ok(header)
}

/// Checks that the file is as long as its header announces.
pub(crate) fn check_length(announced: u64, found: u64) -> Result<(), Problem> {
    match found {
        _ if found < announced => {
            Err(format!("is truncated: it has only {found} of its {announced} bytes of tensors").into())
        }
        _ if found > announced => Err(format!("has extra bytes after its {announced} bytes of tensors").into()),
        _ => Ok(()),
    }
}

/// Adds the header to the sum, with zeros in place of the checksum.
fn add_header<R: Read>(sum: &mut Summed<R>, header: &[u8], text: &str) -> Result<(), Problem> {
    let place = checksum::place(header).filter(|place| header[place.clone()] == *text.as_bytes());
    let place = place.ok_or_else(|| "has no checksum at the expected place in its metadata".to_owned())?;
    sum.add(&(header.len() as u64).to_le_bytes());
    sum.add(&header[..place.start]);
    sum.add(checksum::NONE.as_bytes());
    sum.add(&header[place.end..]);
    Ok(())
}

fn check_sum(found: u32, expected: &str) -> Result<(), Problem> {
    let found = checksum::text(found);
    if found == expected {
        return Ok(());
    }
    Err(format!("is damaged: its checksum is {found}, but should be {expected}").into())
}

/// Formats a shape, such as `784 x 50`.
pub(crate) fn size(shape: &[usize]) -> String {
    let sizes: Vec<_> = shape.iter().map(ToString::to_string).collect();
    if sizes.is_empty() { "a single number".to_owned() } else { short(&sizes.join(" x ")).to_owned() }
}
