//! What SPAIC's names are in Synfire.
//!
//! A name alone means the same name in lower case: `Theta_s` is our `theta_s`.

use super::words;

/// One model of SPAIC's in Synfire. Each line is made of [words](super::words).
pub(super) struct Translation {
    /// SPAIC's name of the model, for all cases of its file; or `custom_model/euler`, for one case.
    spaic: &'static str,
    /// Our name if it is another one.
    ours: &'static str,
    /// What SPAIC's constructor takes. `tau_q=unused()`: SPAIC takes it and has no use for it;
    /// `V=initial(v)`: what a state starts from.
    pub(super) parameters: &'static str,
    /// What SPAIC keeps as its parameters, that is what it learns: `V0`, `tauM=decay(tau_m)` is
    /// `exp(-dt / tau_m)`, `tauM=rate(tau_m)` is `dt / tau_m`, `a_v=gain(a_v)` is `dt a_v`, `k1=loss(k_1)` is `-dt k_1`, `tau=logit(tau_m)` is `-ln(tau_m - 1)`.
    pub(super) learned: &'static str,
    /// What else SPAIC records: our state of that name. `I=0`: SPAIC declares it and never writes it;
    /// `E=before(e)`: our state `e` before the step; `I=drive(v0)`: our parameter `v0` times the first
    /// input; `EXP=upswing(v)`: `delta_t exp((v - v_th) / delta_t)` of our state `v` before the step;
    /// `beta_adaptive=parameter(beta_adaptive)`: our parameter.
    pub(super) states: &'static str,
    /// What arrives: our inputs. Those that do not stand here are zero.
    pub(super) inputs: &'static str,
    /// What is recorded of our output; it may be one of the states as well.
    pub(super) output: &'static str,
    /// Whether its tolerances are widened on GPUs, which approximate exponentials.
    pub(super) exponentials: bool,
}

impl Translation {
    /// The line for a case.
    pub(super) fn find(spaic: &str, tag: &str) -> Result<&'static Self, String> {
        let case = format!("{spaic}/{tag}");
        let line = TABLE.iter().find(|line| line.spaic == spaic || line.spaic == case);
        line.ok_or_else(|| super::unknown("the model", &case))
    }

    /// Our name of the model.
    pub(super) fn ours(&self) -> &'static str {
        if self.ours.is_empty() { self.spaic } else { self.ours }
    }

    /// Whether an array, by SPAIC's name, is one of the inputs.
    pub(super) fn is_input(&self, array: &str) -> bool {
        words::words(self.inputs).any(|word| super::files::split(word.spaic).0 == array)
    }
}

/// A spiking neuron with one input.
const ANY: Translation = Translation {
    spaic: "",
    ours: "",
    parameters: "",
    learned: "",
    states: "V",
    inputs: "Isyn=current",
    output: "O",
    exponentials: false,
};

/// The models whose spikes have a time.
const SPIKE_TIME: Translation = Translation {
    inputs: "WgtSum.0=current WgtSum.1=current_time",
    output: "O2.0",
    states: "M S V dV O2.1=spike_time V_published=before(v) S_published=before(s)",
    ..ANY
};

/// A user's model.
const CUSTOM: Translation =
    Translation { parameters: "tau1=unused() tau2=unused() vth=v_th leak=unused()", states: "V", ..ANY };

/// All of them.
static TABLE: &[Translation] = &[
    Translation { spaic: "if", parameters: "v_th ConstantDecay=decay", ..ANY },
    Translation { spaic: "ifsoftreset", parameters: "v_th ConstantDecay=decay", ..ANY },
    Translation { spaic: "ifb", parameters: "v_th bias", ..ANY },
    Translation { spaic: "nonspikingifb", parameters: "bias", output: "V", ..ANY },
    Translation { spaic: "null", states: "", ..ANY },
    Translation { spaic: "lif", parameters: "tau_m v_th v_reset", learned: "tauM=decay(tau_m)", ..ANY },
    Translation { spaic: "plif", parameters: "tau_m v_th v_reset", learned: "tau=logit(tau_m)", ..ANY },
    Translation {
        spaic: "constantcurrentlif",
        parameters: "tau_m v_th v_reset",
        learned: "tauM=rate(tau_m)",
        states: "V I=0",
        ..ANY
    },
    Translation {
        spaic: "nonspikinglif",
        parameters: "tau_p tau_q tau_m",
        learned: "tauP=decay(tau_p) tauQ=decay(tau_q) tauM=rate(tau_m) V0",
        states: "I M S V O=0",
        output: "V",
        ..ANY
    },
    Translation {
        spaic: "lifm",
        parameters: "tau_m tau_p v_th",
        learned: "tauM=decay(tau_m) tauP=decay(tau_p)",
        states: "I V",
        ..ANY
    },
    Translation {
        spaic: "clif",
        parameters: "tau_m tau_p tau_q v_th",
        learned: "tauM=decay(tau_m) tauP=decay(tau_p) tauQ=decay(tau_q) V0",
        states: "M S E V I=drive(v0)",
        ..ANY
    },
    Translation {
        spaic: "clif2k",
        parameters: "tau_m tau_s v_th",
        learned: "tauM=decay(tau_m) tauS=decay(tau_s) V0",
        states: "M S E V I=drive(v0)",
        ..ANY
    },
    Translation {
        spaic: "pclif",
        parameters: "tau_m tau_s v_th",
        learned: "tauM=tau_m tauS=tau_s",
        states: "M S E=before(e) V I=0",
        ..ANY
    },
    Translation {
        spaic: "aclif",
        parameters: "tau_m tau_p tau_q tau_a beta_adaptive v_th",
        learned: "tauM=decay(tau_m) tauP=decay(tau_p) tauQ=decay(tau_q) tauA=decay(tau_a) V0",
        states: "M S E V Vth1 I=drive(v0) beta_adaptive=parameter(beta_adaptive)",
        ..ANY
    },
    Translation { spaic: "izh", parameters: "a b d v_th Vreset=v_reset", states: "V U I=0", exponentials: true, ..ANY },
    Translation {
        spaic: "aeif",
        parameters: "a b tau_w C gL=g_l EL=e_l v_th delta_t Vspk=v_spk",
        learned: "tauW=rate(tau_w) C=rate(c)",
        states: "V U EXP=upswing(v) I=0",
        exponentials: true,
        ..ANY
    },
    Translation {
        spaic: "glif",
        parameters: "R C E_L Theta_inf f_v delta_v b_s delta_Theta_s k_1 k_2 f1 f2 delta_I1 delta_I2 a_v b_v",
        learned: "C=rate(c) k1=loss(k_1) k2=loss(k_2) b_s=loss(b_s) a_v=gain(a_v) b_v=loss(b_v)",
        states: "V Theta_s Theta_v I1 I2 Vth I=0 S=0",
        ..ANY
    },
    Translation {
        spaic: "hh",
        parameters: "V=initial(v) m=initial(m) n=initial(n) h=initial(h) v_th Vreset=v_reset \
            g_NA g_K g_L E_NA E_K E_L alpha_m1 alpha_m2 alpha_m3 beta_m1 beta_m2 beta_m3 \
            alpha_n1 alpha_n2 alpha_n3 beta_n1 beta_n2 beta_n3 alpha_h1 alpha_h2 alpha_h3 beta_h1 beta_h2 beta_h3",
        states: "V m n h I=0",
        exponentials: true,
        ..ANY
    },
    Translation {
        spaic: "lifstdp_ex",
        parameters: "v_th v_reset v_rest th_inc decay_th decay_v",
        states: "V theta Vth_theta I=0",
        ..ANY
    },
    Translation {
        spaic: "alifstdp_ex",
        parameters: "v_th v_reset v_rest th_inc decay_th decay_v",
        states: "V theta Vth_theta I=0",
        ..ANY
    },
    Translation { spaic: "lifstdp_ih", parameters: "v_th v_reset v_rest decay_v", states: "V I=0", ..ANY },
    Translation { spaic: "meanfield", parameters: "rho tau", learned: "tau=rate(tau)", states: "U Iext", ..ANY },
    Translation { spaic: "cann_field", parameters: "rho k tau", learned: "tau=rate(tau)", states: "U Iext", ..ANY },
    Translation {
        spaic: "simplerate",
        parameters: "tau",
        learned: "tau=rate(tau)",
        states: "U Iext",
        inputs: "WgtSum=current",
        output: "U",
        ..ANY
    },
    Translation {
        spaic: "diehlandcook",
        parameters: "thresh refrac_count max_threshold decay shift_voltage weight_sum_coef shift_weight_sum_coef \
            weight_sum_min weight_sum_max v_reset v_rest init_refrac=unused() delta=unused() reset_refrac \
            thresh_plus lbound",
        states: "V thresh refrac_count",
        ..ANY
    },
    Translation {
        spaic: "lifint",
        parameters: "thresh decay v_reset v_rest reset_refrac refrac_count delta=unused() reset_isyn=unused()",
        states: "V refrac_count",
        ..ANY
    },
    Translation { spaic: "darwin_clif", parameters: "tau_m tau_s bias v_th", states: "V I", ..ANY },
    Translation { spaic: "darwin_alif", parameters: "tau_m tau_s bias v_th", states: "V I Vth=v_th", ..ANY },
    Translation { spaic: "darwin_random", parameters: "tau_m std bias v_th", inputs: "u=draw", ..ANY },
    Translation {
        spaic: "qlif",
        parameters: "tau_m tau_s v_th",
        states: "E V P Mp Sp Q Mq Sq R F QP BQ TP TQ",
        inputs: "PSP.sum=psp WpSum=wp_sum WqSum=wq_sum Reward=reward",
        ..ANY
    },
    Translation {
        spaic: "slif",
        parameters: "tau_m tau_p=unused() tau_q v_th v_reset=unused()",
        inputs: "Isyn.0=current Isyn.1=current_time",
        ..SPIKE_TIME
    },
    Translation {
        spaic: "selif",
        parameters: "tau_m tau_p tau_q tau_r v_th v_reset=unused()",
        states: "M S R V dV O2.1=spike_time V_published=before(v) S_published=before(s)",
        ..SPIKE_TIME
    },
    Translation {
        spaic: "selifdebug",
        parameters: "tau_m tau_p tau_q v_th v_reset=unused()",
        states: "M S V dV cumV=0 O2.1=spike_time V_published=before(v) S_published=before(s)",
        ..SPIKE_TIME
    },
    Translation {
        spaic: "custom_model/iterative",
        ours: "golden_iterative",
        parameters: "tau1=unused() tau2=unused() vth=v_th leak",
        ..CUSTOM
    },
    Translation {
        spaic: "custom_model/euler",
        ours: "golden_euler",
        parameters: "tau1=tau_m tau2=unused() vth=v_th leak=unused()",
        learned: "tau_m=rate(tau_m)",
        ..CUSTOM
    },
    Translation {
        spaic: "custom_model/exp_euler",
        ours: "golden_exp_euler",
        parameters: "tau1=tau_m tau2=tau_s vth=v_th leak=unused()",
        learned: "tauM=decay(tau_m) tauS=decay(tau_s)",
        states: "V M S",
        ..CUSTOM
    },
    Translation {
        spaic: "custom_model/ode_nothresh",
        ours: "golden_ode",
        parameters: "tau1=unused() tau2=unused() vth=unused() leak=unused()",
        output: "V",
        ..CUSTOM
    },
];

#[cfg(test)]
mod tests {
    use super::super::custom;
    use super::*;
    use synfire::neuron::registry;

    #[test]
    fn every_model_stands_once() {
        for (i, line) in TABLE.iter().enumerate() {
            assert!(TABLE[..i].iter().all(|other| other.spaic != line.spaic), "{}", line.spaic);
        }
    }

    #[test]
    fn our_names_are_those_of_our_models() {
        custom::register();
        for line in TABLE {
            let model = registry::find(line.ours()).unwrap();
            let states = words::words(line.states).filter(|word| !matches!(word.form, "drive" | "parameter"));
            let initial = words::words(line.parameters).filter(|word| word.form == "initial");
            for word in states.chain(initial).filter(|word| word.ours != "0") {
                let name = word.ours.to_ascii_lowercase();
                let known = model.info.states.iter().any(|state| state.name == name);
                assert!(known, "{} has no state `{name}`", line.spaic);
            }
            let given = words::words(line.parameters).filter(|word| word.form.is_empty());
            for word in given.chain(words::words(line.learned)) {
                let name = word.ours.to_ascii_lowercase();
                assert!(model.has_setting(&name), "{} has no parameter `{name}`", line.spaic);
            }
            for word in words::words(line.inputs) {
                let known = model.info.inputs.iter().any(|input| input.name == word.ours);
                assert!(known, "{} has no input `{}`", line.spaic, word.ours);
            }
        }
    }
}
