use std::io::{self, Read};

/// The bytes read at a time, and the longest field.
const CHUNK: usize = 64 * 1024;
/// The longest record.
const RECORD: usize = 16 * 1024 * 1024;

/// An error in a file.
#[derive(Debug)]
pub(super) enum Failure {
    /// The file cannot be read.
    Read(io::Error),
    /// A field has unexpected content.
    Field {
        /// The line, from 1.
        line: usize,
        /// The index of the field in its record, if the problem is at a field.
        field: Option<usize>,
        /// The problem, and the expected content.
        problem: String,
    },
}

/// Reads the records of a CSV file, one at a time, in bounded memory.
///
/// Fields are trimmed. A quoted field may have separators, line breaks, and quotes that are doubled. Blank lines are skipped.
pub(super) struct Records<R> {
    reader: R,
    separator: u8,
    /// The bytes that end a run of a field without quotes.
    ends: [bool; 256],
    /// The bytes that are read, and those that are not yet used.
    chunk: Vec<u8>,
    at: usize,
    /// The line of the next byte, from 1.
    line: usize,
    /// The text of the record's fields, one after the other, and each field's end and line.
    text: Vec<u8>,
    fields: Vec<(usize, usize)>,
    /// The largest number of fields of a record.
    most: usize,
}

impl<R: Read> Records<R> {
    /// Reads the start of a file: a byte order mark, a line such as `sep=;`, and the separator of the first record.
    pub(super) fn new(reader: R, decimal_comma: bool) -> Result<Self, Failure> {
        let (text, fields) = (Vec::new(), Vec::new());
        let mut records = Self {
            reader,
            separator: b',',
            ends: [false; 256],
            chunk: Vec::new(),
            at: 0,
            line: 1,
            text,
            fields,
            most: usize::MAX,
        };
        records.fill()?;
        if records.chunk.starts_with(b"\xFF\xFE") || records.chunk.starts_with(b"\xFE\xFF") {
            return Err(records.failure("the file is UTF-16; UTF-8 was expected", None));
        }
        if records.chunk.starts_with(b"\xEF\xBB\xBF") {
            records.at = 3;
        }
        match records.chunk[records.at..] {
            [b's', b'e', b'p', b'=', separator, b'\r', b'\n', ..] => records.skip_line(separator, 7),
            [b's', b'e', b'p', b'=', separator, b'\n', ..] => records.skip_line(separator, 6),
            _ => records.separator = separator(&records.chunk[records.at..], decimal_comma),
        }
        for end in [b'\n', b'\r', b'"', 0, records.separator] {
            records.ends[usize::from(end)] = true;
        }
        Ok(records)
    }

    fn skip_line(&mut self, separator: u8, bytes: usize) {
        (self.separator, self.line) = (separator, 2);
        self.at += bytes;
    }

    /// Limits the number of fields of the records to come.
    pub(super) fn limit(&mut self, fields: usize) {
        self.most = fields;
    }

    /// Reads the next record that is not blank; `false` at the end of the file.
    pub(super) fn next(&mut self) -> Result<bool, Failure> {
        while self.peek()?.is_some() {
            self.text.clear();
            self.fields.clear();
            let quoted = self.peek()? == Some(b'"');
            while self.field()? {}
            if self.fields.len() > 1 || !self.text.is_empty() || quoted {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The number of fields of the record.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// The line of a field, or of the end of a record that has no such field.
    pub(super) fn line(&self, field: usize) -> usize {
        self.fields.get(field).or(self.fields.last()).map_or(self.line, |(_, line)| *line)
    }

    /// The bytes of a field.
    pub(super) fn bytes(&self, field: usize) -> &[u8] {
        let start = if field == 0 { 0 } else { self.fields[field - 1].0 };
        &self.text[start..self.fields[field].0]
    }

    /// The text of a field.
    pub(super) fn get(&self, field: usize) -> Result<&str, Failure> {
        let text = self.bytes(field);
        std::str::from_utf8(text).map_err(|error| {
            let byte = text[error.valid_up_to()];
            let problem = format!("byte 0x{byte:02X} is not UTF-8, as in Latin-1; a file in UTF-8 was expected");
            Failure::Field { line: self.line(field), field: Some(field), problem }
        })
    }

    /// Reads a field and the separator or line break behind it; `true` if another field follows.
    fn field(&mut self) -> Result<bool, Failure> {
        if self.fields.len() == self.most {
            let problem =
                format!("a separator follows the last of {} columns; the end of the line was expected", self.most);
            return Err(self.failure(&problem, Some(self.most - 1)));
        }
        self.skip_blanks()?;
        let (line, start) = (self.line, self.text.len());
        if self.peek()? == Some(b'"') {
            self.quoted(line, start)?;
        } else {
            self.plain(start)?;
        }
        self.fields.push((self.text.len(), line));
        let next = self.peek()?;
        self.at += usize::from(next.is_some());
        match next {
            None => Ok(false),
            Some(b'\n') => {
                self.line += 1;
                Ok(false)
            }
            Some(b'\r') if matches!(self.peek()?, None | Some(b'\n')) => {
                self.at += usize::from(self.peek()?.is_some());
                self.line += 1;
                Ok(false)
            }
            Some(byte) if byte == self.separator => Ok(true),
            Some(b'\r') => {
                Err(self
                    .failure("a line ends by a carriage return alone; a line feed was expected", Some(self.len() - 1)))
            }
            Some(_) => {
                let problem =
                    "text follows a closing quote; a separator was expected (a quote inside is written twice)";
                Err(Failure::Field { line, field: Some(self.len() - 1), problem: problem.to_owned() })
            }
        }
    }

    /// Reads a field without quotes, up to a separator or a line break.
    fn plain(&mut self, start: usize) -> Result<(), Failure> {
        let ends = self.ends;
        loop {
            let end = self.run(|byte| ends[usize::from(*byte)]);
            self.check_length(start, self.line)?;
            match self.peek()? {
                Some(b'"') => {
                    let problem = "a quote inside a field; the whole field in quotes was expected, with quotes inside written twice";
                    return Err(self.failure(problem, Some(self.len())));
                }
                Some(0) => {
                    return Err(self.failure("a zero byte, as in UTF-16; text in UTF-8 was expected", Some(self.len())));
                }
                _ if end => break,
                None => break,
                Some(_) => {}
            }
        }
        while self.text[start..].last().is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
            self.text.pop();
        }
        Ok(())
    }

    /// Reads a field in quotes, and blanks behind it.
    fn quoted(&mut self, line: usize, start: usize) -> Result<(), Failure> {
        self.at += 1;
        loop {
            self.run(|byte| matches!(byte, b'"' | b'\n'));
            self.check_length(start, line)?;
            match self.peek()? {
                None => {
                    let problem = "a quote is not closed; a closing quote was expected before the end of the file";
                    return Err(Failure::Field { line, field: Some(self.len()), problem: problem.to_owned() });
                }
                Some(b'"') => {
                    self.at += 1;
                    if self.peek()? != Some(b'"') {
                        return self.skip_blanks();
                    }
                    self.text.push(b'"');
                    self.at += 1;
                }
                Some(b'\n') => {
                    self.text.push(b'\n');
                    self.at += 1;
                    self.line += 1;
                }
                Some(_) => {} // a new chunk
            }
        }
    }

    /// Copies the rest of the chunk up to a byte that ends the run; returns whether there is one.
    fn run(&mut self, ends: impl Fn(&u8) -> bool) -> bool {
        let rest = &self.chunk[self.at..];
        let end = rest.iter().position(ends);
        let count = end.unwrap_or(rest.len());
        self.text.extend_from_slice(&rest[..count]);
        self.at += count;
        end.is_some()
    }

    fn check_length(&self, start: usize, line: usize) -> Result<(), Failure> {
        if self.text.len() - start <= CHUNK && self.text.len() <= RECORD {
            return Ok(());
        }
        let problem = "a field of more than 65,536 bytes; a separator, a line break or a closing quote was expected";
        Err(Failure::Field { line, field: Some(self.len()), problem: problem.to_owned() })
    }

    fn skip_blanks(&mut self) -> Result<(), Failure> {
        while self.peek()?.is_some_and(|byte| matches!(byte, b' ' | b'\t') && byte != self.separator) {
            self.at += 1;
        }
        Ok(())
    }

    /// The next byte; `None` at the end of the file.
    #[inline]
    fn peek(&mut self) -> Result<Option<u8>, Failure> {
        if self.at == self.chunk.len() {
            self.fill()?;
        }
        Ok(self.chunk.get(self.at).copied())
    }

    /// Reads the next chunk.
    fn fill(&mut self) -> Result<(), Failure> {
        self.chunk.clear();
        self.at = 0;
        self.reader.by_ref().take(CHUNK as u64).read_to_end(&mut self.chunk).map_err(Failure::Read)?;
        Ok(())
    }

    fn failure(&self, problem: &str, field: Option<usize>) -> Failure {
        Failure::Field { line: self.line, field, problem: problem.to_owned() }
    }
}

/// The most frequent separator of the first record: a comma, a semicolon or a tab. A decimal comma comes last.
fn separator(text: &[u8], decimal_comma: bool) -> u8 {
    let mut lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let line = lines.next().unwrap_or_default();
    let count = |sign: &u8| {
        let mut inside = false;
        let counted = |byte: &&u8| {
            inside ^= **byte == b'"';
            !inside && *byte == sign
        };
        if decimal_comma && *sign == b',' {
            return 0;
        }
        line.iter().filter(counted).count()
    };
    b"\t;,".iter().copied().max_by_key(count).unwrap_or(b',') // the last one if equal
}
