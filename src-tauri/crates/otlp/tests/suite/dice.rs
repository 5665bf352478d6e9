//! A source of choices that one seed decides, for making requests of every shape.

/// Xorshift: quick, and the same on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Dice {
    state: u64,
    /// No NaN, no infinities.
    is_finite: bool,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, is_finite: false }
    }

    /// For forms that cannot write NaN and infinities.
    pub(crate) fn finite(seed: u64) -> Self {
        Self { is_finite: true, ..Self::new(seed) }
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % end.max(1)
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn number(&mut self) -> u64 {
        match self.below(6) {
            0 => 0,
            1 => 1,
            2 => u64::MAX,
            3 => self.next() & 0xff,
            _ => self.next(),
        }
    }

    pub(crate) fn number32(&mut self) -> u32 {
        u32::try_from(self.number() & 0xffff_ffff).unwrap()
    }

    pub(crate) fn double(&mut self) -> f64 {
        let double = match self.below(6) {
            0 => f64::NAN,
            1 => f64::INFINITY,
            2 => -0.0,
            3 => 1.5,
            _ => f64::from_bits(self.next()),
        };
        if self.is_finite && !double.is_finite() {
            return 0.25;
        }
        double
    }

    pub(crate) fn bytes(&mut self, most: usize) -> Vec<u8> {
        let length = self.below(most + 1);
        (0..length).map(|_| self.next().to_le_bytes()[3]).collect()
    }

    pub(crate) fn text(&mut self) -> String {
        const TEXTS: [&str; 9] = [
            "",
            "a",
            "http.method",
            "GET",
            "service.name",
            "größe",
            "🦀",
            "\u{0}",
            "/api/cart/{id}",
        ];
        match self.below(12) {
            place if place < TEXTS.len() => TEXTS[place].to_owned(),
            9 => "long ".repeat(self.below(60)),
            _ => format!("key{}", self.below(4)),
        }
    }

    /// Mostly an id of the right length.
    pub(crate) fn id(&mut self, length: usize) -> Vec<u8> {
        match self.below(12) {
            0 => Vec::new(),
            1 => vec![0; length],
            2 => self.bytes(20),
            _ => (0..length).map(|_| self.next().to_le_bytes()[3]).collect(),
        }
    }

    pub(crate) fn some<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.below(most + 1);
        (0..count).map(|_| make(self)).collect()
    }

    pub(crate) fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (!self.once_in(4)).then(|| make(self))
    }
}
