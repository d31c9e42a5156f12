//! A small reproducible source of chance for drawings: the same seed gives the same papers on every machine.
//! Not for secrets; there is deliberately no way to seed it from the clock or the operating system.

/// A xorshift64* generator (Vigna 2014): 64 bits of state, period 2^64 - 1.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

impl Random {
    /// Starts a sequence; neighbouring seeds give unrelated sequences.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        // Seeds are small numbers in practice; one splitmix64 step spreads their bits, and zero must never become the state.
        let mut mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Self {
            state: (mixed ^ (mixed >> 31)) | 1,
        }
    }

    /// The next 64 bits.
    pub fn next_bits(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number in `0.0..1.0`.
    pub fn unit(&mut self) -> f32 {
        // 24 bits are all that an f32 between zero and one can hold evenly.
        (self.next_bits() >> 40) as f32 / (1_u32 << 24) as f32
    }

    /// A number in `low..high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// A whole number in `low..=high`; `high` must not be below `low`.
    pub fn whole(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        low + u32::try_from(self.next_bits() % span).unwrap_or(0)
    }

    /// Roughly normal chance with mean 0 and deviation 1 (sum of four uniform draws, so never beyond 3.5).
    pub fn bell(&mut self) -> f32 {
        let sum = self.unit() + self.unit() + self.unit() + self.unit();
        (sum - 2.0) * 3.0_f32.sqrt()
    }

    /// One of the choices; there must be at least one.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let index = usize::try_from(self.next_bits() % choices.len() as u64).unwrap_or(0);
        &choices[index]
    }
}
