"""Write down what a sampler says of the same model, so that the suite can check ours without it.

    bin/bench relative_risk_oracle

NumPyro's NUTS on three made-up cities: four chains of 1,000 after 500 to warm up. Prints how far apart the answers
are; writes bench/results/relative_risk_oracle-DATE.json, and what the suite reads. Run it again only when the model
changes; the file says which version spoke.
"""

import json
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import scipy.spatial

from alongside.methods.spatial.relative import APART, APART_SD, FEW, LEVEL_SD, SPREAD_ABOVE_ONE, relative_risk
from kept import keep, machine

SEED = 20_261_130
AREAS = 60
WARM, DRAWS, CHAINS = 500, 1_000, 4
THRESHOLD = 1.5
TARGET = Path(__file__).parents[1] / "src/alongside/methods/tests/data/numpyro_relative_risk.json"


def main() -> None:
    cases, apart = [], []
    for name, city in cities():
        begun = time.perf_counter()
        ours = relative_risk(**as_arrays(city))
        seconds = time.perf_counter() - begun
        begun = time.perf_counter()
        theirs = sampled(**as_arrays(city))
        worst = theirs.pop("worst")
        cases.append({"name": name, **city, **{key: rounded(value) for key, value in theirs.items()}})
        apart.append(
            {
                "name": name,
                "areas": len(city["events"]),
                "events": sum(city["events"]),
                "dispersion": city["dispersion"],
                "seconds": {"ours": round(seconds, 2), "sampler": round(time.perf_counter() - begun, 1)},
                "sampler_worst": worst,
                "spread": [round(ours.spread, 3), round(float(theirs["spread"]), 3)],
                "mixing": [round(ours.mixing, 3), round(float(theirs["mixing"]), 3)],
                **differences(ours, theirs),
            }
        )
        print(json.dumps(apart[-1]), flush=True)
    provenance = {
        "script": "bench/relative_risk_oracle.py",
        "numpyro": version("numpyro"),
        "jax": version("jax"),
        "seed": SEED,
        "chains": CHAINS,
        "draws": DRAWS,
        "threshold": THRESHOLD,
    }
    TARGET.write_text(json.dumps({"provenance": provenance, "cases": cases}) + "\n")
    print("written:", keep("relative_risk_oracle", {"cases": apart, **provenance, "machine": machine()}))


def cities():
    """Made up, seeded: name, and what relative_risk is asked."""
    rng = np.random.default_rng(SEED)
    points = rng.random((AREAS, 2))
    beside = beside_of(points)
    at_risk = np.round(rng.gamma(1.5, 2_500, AREAS))
    at_risk[[3, 50]] = 0
    same = at_risk / at_risk.mean()
    smooth, rough = np.sin(3 * points[:, 0]) + np.cos(4 * points[:, 1]), rng.normal(0, 0.4, AREAS)
    unlike = np.ones(AREAS)
    unlike[[17, 40]] = 4.0
    islands = beside[(beside < AREAS - 5).all(axis=1)]
    yield "few events", as_lists(rng, at_risk, same * 2 * np.exp(rough), beside, 1.5)
    yield "neighborhoods", as_lists(rng, at_risk, same * 60 * np.exp(0.7 * smooth + rough), beside, 4.0)
    yield "two unlike all, islands, Poisson", as_lists(rng, at_risk, same * 25 * unlike, islands, 1.0)


def beside_of(points):
    """Pairs that lie beside one another: the sides of Delaunay's triangles, but the longest."""
    sides = scipy.spatial.Delaunay(points).simplices[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    sides = np.unique(np.sort(sides, axis=1), axis=0)
    length = np.linalg.norm(points[sides[:, 0]] - points[sides[:, 1]], axis=1)
    return sides[length < np.quantile(length, 0.95)]


def as_lists(rng, at_risk, mean, beside, dispersion):
    events = (
        rng.poisson(mean)
        if dispersion == 1
        else rng.negative_binomial(np.maximum(mean, 1e-9) / (dispersion - 1), 1 / dispersion)
    )
    return {
        "events": events.tolist(),
        "at_risk": np.round(at_risk, 1).tolist(),
        "beside": beside.tolist(),
        "dispersion": dispersion,
    }


def as_arrays(city):
    return {key: np.array(value) if isinstance(value, list) else value for key, value in city.items()}


def root_of_smooth(n, beside):
    """(n, k): times standard normals it is the scaled smooth field, by eigenvectors, part by part; and who has none."""
    laplacian = np.zeros((n, n))
    for i, j in beside:
        laplacian[[i, j], [j, i]] -= 1
        laplacian[[i, j], [i, j]] += 1
    parts = scipy.sparse.csgraph.connected_components(laplacian != 0)[1]
    columns = []
    for part in np.unique(parts):
        own = np.flatnonzero(parts == part)
        if len(own) < 2:
            continue
        values, vectors = np.linalg.eigh(laplacian[np.ix_(own, own)])
        root = vectors[:, 1:] / np.sqrt(values[1:])
        root /= np.exp(np.log((root**2).sum(axis=1)).mean() / 2)
        placed = np.zeros((n, root.shape[1]))
        placed[own] = root
        columns.append(placed)
    return np.concatenate(columns, axis=1), np.bincount(parts)[parts] == 1


def sampled(events, at_risk, beside, dispersion):
    import jax
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist
    from jax.scipy.special import gammaln
    from numpyro.diagnostics import effective_sample_size, gelman_rubin
    from numpyro.infer import MCMC, NUTS

    n = len(events)
    expected = at_risk * events.sum() / at_risk.sum()
    voice = at_risk / (at_risk + FEW * at_risk.mean())
    root, island = root_of_smooth(n, beside)

    def model():
        level = numpyro.sample("level", dist.Normal(0, LEVEL_SD))
        spread = numpyro.sample("spread", dist.Exponential(-np.log(SPREAD_ABOVE_ONE)))
        mixing = numpyro.sample("mixing", dist.Uniform(0, 1))
        smooth = numpyro.sample("smooth", dist.Normal(0, 1).expand([root.shape[1]]).to_event(1))
        noise = numpyro.sample("noise", dist.Normal(0, 1).expand([n]).to_event(1))
        alike = jnp.where(island, spread**2, spread**2 * (1 - mixing))
        own = jnp.sign(noise) * as_far_out(jnp.abs(noise), jnp.sqrt(alike + 1e-12))
        eta = numpyro.deterministic("eta", level + spread * jnp.sqrt(mixing) * (root @ smooth) + own)
        mean = jnp.maximum(expected * jnp.exp(eta), 1e-30)
        if dispersion == 1:
            log = events * jnp.log(mean) - mean
        else:
            size = mean / (dispersion - 1)
            log = gammaln(events + size) - gammaln(size) - size * np.log(dispersion)
        numpyro.factor("counts", (voice * log).sum())

    kernel = NUTS(model, target_accept_prob=0.85)
    chains = MCMC(
        kernel,
        num_warmup=WARM,
        num_samples=DRAWS,
        num_chains=CHAINS,
        chain_method="sequential",
        progress_bar=False,
    )
    chains.run(jax.random.PRNGKey(SEED % 2**31))
    by_chain = chains.get_samples(group_by_chain=True)
    eta = np.asarray(by_chain["eta"], dtype=np.float64)
    flat = eta.reshape(-1, n)
    flat = flat - np.log((np.exp(flat) @ expected).mean() / expected.sum())  # the whole has a risk of 1
    low, middle, high = np.exp(np.quantile(flat, [0.025, 0.5, 0.975], axis=0))
    return {
        "relative": middle,
        "low": low,
        "high": high,
        "p_above": (flat > 0).mean(axis=0),
        "p_high": (flat > np.log(THRESHOLD)).mean(axis=0),
        "spread": np.mean(by_chain["spread"]),
        "mixing": np.mean(by_chain["mixing"]),
        "worst": {
            "r_hat": round(float(gelman_rubin(eta).max()), 4),
            "effective_draws": int(effective_sample_size(eta).min()),
            "diverging": int(chains.get_extra_fields()["diverging"].sum()),
        },
    }


def as_far_out(z, alike):
    """The value as far out in the own part's mixture as z ≥ 0 is in a standard normal.

    So the sampler walks over standard normals, where no two hills lie apart. By halving, then one step of Newton's
    that carries the derivatives.
    """
    import jax
    import jax.numpy as jnp
    from jax.scipy.special import log_ndtr
    from jax.scipy.stats import norm

    wide = jnp.sqrt(alike**2 + APART_SD**2)

    def log_beyond(value):
        return jnp.logaddexp(
            np.log(1 - APART) + log_ndtr(-value / alike), np.log(APART) + log_ndtr(-value / wide)
        )

    target = log_ndtr(-z)
    low, high = alike * z, wide * z
    for _ in range(20):
        middle = (low + high) / 2
        beyond = log_beyond(middle) > target
        low, high = jnp.where(beyond, middle, low), jnp.where(beyond, high, middle)
    found = jax.lax.stop_gradient((low + high) / 2)
    log_density = jnp.logaddexp(
        np.log(1 - APART) + norm.logpdf(found, 0, alike), np.log(APART) + norm.logpdf(found, 0, wide)
    )
    steep = jax.lax.stop_gradient(jnp.exp(log_density - log_beyond(found)))
    return found + (log_beyond(found) - target) / steep


def differences(ours, theirs):
    """Middle and largest: logs of medians and limits in widths of the sampler's interval; probabilities as they are."""
    width = np.log(theirs["high"] / theirs["low"])
    apart = {
        name: np.abs(np.log(getattr(ours, name) / theirs[name])) / width
        for name in ("relative", "low", "high")
    } | {name: np.abs(getattr(ours, name) - theirs[name]) for name in ("p_above", "p_high")}
    return {
        name: {"middle": round(float(np.median(each)), 4), "largest": round(float(each.max()), 4)}
        for name, each in apart.items()
    }


def rounded(value):
    return np.round(np.asarray(value, dtype=np.float64), 4).tolist()


if __name__ == "__main__":
    import jax

    jax.config.update("jax_enable_x64", True)
    main()
