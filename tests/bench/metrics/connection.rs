//! HTTP/1.1 over one connection that stays open: nothing but the server's own time should be measured.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
    prefix: &'static str,
}

impl Connection {
    pub(crate) fn open(address: &str, prefix: &'static str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        let stream = BufReader::with_capacity(1 << 16, stream);
        Self { stream, host: address.to_owned(), prefix }
    }

    /// The status and body of an answer.
    pub(crate) fn get(&mut self, path: &str) -> (u16, Vec<u8>) {
        let head = format!("GET {}{path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.prefix, self.host);
        self.ask(head.as_bytes())
    }

    /// The status and body of the answer to a form, which is how Grafana asks.
    pub(crate) fn post_form(&mut self, path: &str, form: &str) -> (u16, Vec<u8>) {
        self.post(path, "Content-Type: application/x-www-form-urlencoded\r\n", form.as_bytes())
    }

    /// The status and body of the answer to a body with these headers.
    pub(crate) fn post(&mut self, path: &str, headers: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let mut request = format!(
            "POST {}{path} HTTP/1.1\r\nHost: {}\r\n{headers}Content-Length: {}\r\n\r\n",
            self.prefix,
            self.host,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.ask(&request)
    }

    fn ask(&mut self, request: &[u8]) -> (u16, Vec<u8>) {
        self.stream.get_mut().write_all(request).unwrap();
        let status = self.line().split(' ').nth(1).unwrap().parse().unwrap();
        let mut length = Some(0);
        loop {
            let line = self.line().to_ascii_lowercase();
            match line.split_once(": ") {
                Some(("content-length", value)) => length = Some(value.parse().unwrap()),
                Some(("transfer-encoding", "chunked")) => length = None,
                Some(_) => {}
                None => break,
            }
        }
        let mut body = Vec::new();
        match length {
            Some(length) => self.take(length, &mut body),
            None => self.chunks(&mut body),
        }
        (status, body)
    }

    fn chunks(&mut self, body: &mut Vec<u8>) {
        loop {
            let length = usize::from_str_radix(&self.line(), 16).unwrap();
            self.take(length, body);
            self.line();
            if length == 0 {
                return;
            }
        }
    }

    fn take(&mut self, length: usize, body: &mut Vec<u8>) {
        let start = body.len();
        body.resize(start + length, 0);
        self.stream.read_exact(&mut body[start..]).unwrap();
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.stream.read_line(&mut line).unwrap() > 0, "the server hung up");
        line.truncate(line.trim_end().len());
        line
    }
}
