//! A network over part of a series: one step, or a few.

use super::forward::{Call, Kept};
use super::{Network, NetworkState, cast};
use crate::Error;
use crate::coding::{Activations, Decoded};
use synfire_dynamics::CounterRng;

impl Network {
    /// Activity of the last layer over the next steps of a series, and the state after them.
    ///
    /// `input` is what the encoder would make of samples, spikes or currents. The parts of a series one after the other,
    /// however it is divided, give what the whole would; a series may be longer than the network's `steps`.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use synfire::network::{NetworkConfig, NetworkState};
    ///
    /// let device = Device::default();
    /// let network = NetworkConfig::two_layers("lif", 16, 20).init(&[8], 3, 0, &device)?;
    /// let mut state = NetworkState::default();
    /// for _ in 0..5 {
    ///     let spikes = Tensor::<3>::ones([1, 2, 8], &device); // one step of two samples
    ///     let (output, next) = network.stream(spikes, state, 0)?;
    ///     assert_eq!(output.values.dims(), [1, 2, 3]);
    ///     state = next;
    /// }
    /// assert_eq!(state.step(), 5);
    /// # Ok::<(), synfire::Error>(())
    /// ```
    ///
    /// # Shapes
    ///
    /// - input `[k, B, F]`, k of 1 or more steps, F the values of a step
    /// - output `[k, B, N]`
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the input is empty or has another number of values, or for layers with settings for each
    /// step after the last of them.
    pub fn stream(
        &self,
        input: impl Into<Activations>,
        mut state: NetworkState,
        seed: u64,
    ) -> Result<(Activations, NetworkState), Error> {
        let input = self.checked(input.into())?;
        let steps = input.values.dims()[0];
        let call = Call { rng: CounterRng::new(seed), steps, record_from: usize::MAX };
        let output = self.propagate(input.into(), &call, &mut Kept::All(&mut state), None)?;
        state.step += steps;
        Ok((output, state))
    }

    /// Scores of an activity of the last layer.
    #[must_use]
    pub fn decode(&self, activity: &Activations) -> Decoded {
        self.config.decoder.decode(activity, &self.decoder.values())
    }

    /// An input in the precision of the network, if it has the shape of its samples.
    fn checked(&self, input: Activations) -> Result<Activations, Error> {
        let [steps, batch, values] = input.values.dims();
        let expected = self.encoded_size()?;
        if steps == 0 || batch == 0 || values != expected {
            let found = [steps, batch, values];
            let problem =
                format!("has shape {found:?}; expected [steps, samples, {expected}] with at least one of each");
            return Err(Error::config("input", problem));
        }
        let dtype = self.config.precision.dtype();
        let spike_times = input.spike_times.filter(|_| self.topology.spike_times).map(|times| cast(times, dtype));
        Ok(Activations { values: cast(input.values, dtype), spike_times, potential: None, dt: self.config.dt })
    }

    /// Values of a step after the encoder.
    pub(super) fn encoded_size(&self) -> Result<usize, Error> {
        let shape = self.config.encoder.shape(&self.input, self.config.time_grid());
        shape.map(|shape| shape.iter().product()).map_err(|problem| Error::config("network.encoder", problem))
    }
}
