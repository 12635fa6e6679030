"""Turns steps into events: losses ten times a second, a report with health and diagnosis after each pass.

Nothing here waits for the device more often than that. All that changes the run happens before the first event is handed out, so that
closing the generator there is safe.
"""

import dataclasses
import math
import time

from torch import Tensor

from iic_studio.events import DiagnosisChanged, Event, StepsFinished
from iic_studio.iic.networks import HEADS, MAIN
from iic_studio.records import LiveArrays
from iic_studio.training.batches import Batches
from iic_studio.training.diagnosis import diagnose, diagnose_end
from iic_studio.training.health import PassFacts
from iic_studio.training.live import LatestSlot
from iic_studio.training.rolling import RollingAssignments
from iic_studio.training.run_state import RunState

REPORT_INTERVAL_S = 0.1
FIRST_CHECKPOINT_S = 2.0
FEWEST_STEPS_PER_REPORT = 50
CHECKPOINT_INTERVAL_S = 30.0


class Narrator:
    """What a run says.

    Attributes:
        rolling: newest assignments of each image.
        must_go_back: a loss was no number; see `went_back`.
    """

    def __init__(self, run: RunState, batches: Batches, clock: "Clock", live: LatestSlot[LiveArrays] | None) -> None:
        main = run.network.head(MAIN)
        self.rolling = RollingAssignments(batches.num_places, main.num_sub_heads, main.num_clusters, batches.device)
        self.must_go_back = False
        self._run, self._batches, self._clock, self._live = run, batches, clock, live
        run.follow(self.rolling)
        self._told = ""  # anew in a process that goes on: whoever looks on may not have seen it
        self._losses: dict[str, tuple[float, ...]] = {}
        passes = math.ceil(FEWEST_STEPS_PER_REPORT / batches.steps_per_epoch)
        if run.settings.passes:
            # Whole rounds, so that each report knows both heads.
            passes += -passes % len(run.settings.passes)
        self._steps_per_report = passes * batches.steps_per_epoch

    def after_step(self, losses: dict[str, Tensor], spent: float) -> list[Event]:
        """What there is to say after a step; mostly nothing, and nothing at all in any process but the first."""
        if not self._run.processes.is_first:
            return []
        events: list[Event] = []
        if self._run.moments.is_due(self._run.step):
            self._run.moments.add(self._run.meter.live(self._run.step), self._clock.elapsed_s)
        report_is_due = self._run.step % self._steps_per_report == 0
        if self._clock.is_due("report", REPORT_INTERVAL_S) or report_is_due:
            told = self._steps_finished(losses)
            if self.must_go_back:
                return []
            events.append(told)
            if self._live is not None:
                moments = tuple(self._run.moments.moments)
                self._live.put(dataclasses.replace(self._run.meter.live(self._run.step), moments=moments))
        if report_is_due:
            events += self._report(spent)
        return events

    def went_back(self) -> None:
        """The run was put back to a checkpoint."""
        self.must_go_back = False

    def _steps_finished(self, losses: dict[str, Tensor]) -> StepsFinished:
        run, clock = self._run, self._clock
        self._losses |= {head: tuple(values.tolist()) for head, values in losses.items()}
        if not all(math.isfinite(loss) for head in losses for loss in self._losses[head]):
            self.must_go_back = True
        main, overclustering = (self._losses.get(head, ()) for head in HEADS)
        information, ceiling = run.meter.live_information(run.settings.clusters)
        done = run.fraction_done(clock.elapsed_s)
        return StepsFinished(
            step=run.step,
            epoch=run.step // self._batches.steps_per_epoch,
            main_losses=main,
            overclustering_losses=overclustering,
            mutual_information=information,
            ceiling=ceiling,
            images_per_s=max(run.step - run.first_step, 0) * self._batches.batch_size / max(clock.elapsed_s - clock.first_s, 1e-9),
            elapsed_s=clock.elapsed_s,
            fraction_done=done,
            eta_s=clock.elapsed_s * (1 - done) / done if done > 0 else None,
        )

    def _report(self, spent: float) -> list[Event]:
        run = self._run
        epoch = run.step // self._batches.steps_per_epoch
        report = run.meter.finish_pass(epoch, run.step, self._clock.elapsed_s)
        main = report.heads[HEADS.index(MAIN)]
        losses = [sub_head.loss for sub_head in main.sub_heads]
        self.rolling.choose(losses)
        health = run.health.measure(
            PassFacts(
                step=run.step,
                epoch=epoch,
                information_bits=[sub_head.mutual_information for sub_head in main.sub_heads],
                shuffled_bits=run.meter.shuffled_bits(),
                ceiling_bits=main.ceiling,
                sizes=report.cluster_sizes,
                votes=self.rolling.votes(),
                shown=self.rolling.shown,
                in_use=run.task.assign_sample(run.network, self._batches, self.rolling.shown),
                consistency=self.rolling.consistency(),
                shown_sizes=run.meter.sizes(self.rolling.shown),
            )
        )
        run.remember_best(min(losses), health.churn)
        run.meter.begin_pass()
        is_plateau = run.health.is_plateau(main.ceiling)
        if is_plateau and run.settings.stop_on_plateau:
            run.cut_budget(spent)
        found = diagnose(report, health, is_plateau=is_plateau)
        run.said = found
        if found.message == self._told:
            return [report, health]
        self._told = found.message
        return [report, health, found]

    def at_end(self, *, stopped_early: bool) -> list[Event]:
        """What there is to say when the budget is spent; nothing when a person ended the run."""
        said = self._run.said
        if said is None and not self._run.health.history:  # no pass has ended
            said = DiagnosisChanged(state="warming_up", message="")
        if said is None or stopped_early or not self._run.processes.is_first:
            return []
        found = diagnose_end(said, self._run.health.gain_before(self._run.settings.decay_from), math.log2(self._run.settings.clusters))
        return [found] if found is not None else []


class Clock:
    """Seconds spent training (pauses do not count), and what is due when.

    Args:
        elapsed_s: seconds already trained, when a run is resumed.
    """

    def __init__(self, elapsed_s: float) -> None:
        self.elapsed_s = self.first_s = elapsed_s
        self._since = 0.0
        now = time.monotonic()
        self._last: dict[str, float] = {"interim": now, "checkpoint": now - CHECKPOINT_INTERVAL_S + FIRST_CHECKPOINT_S}
        self._cost_s: dict[str, float] = {}

    def __enter__(self) -> None:
        self._since = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.elapsed_s += time.perf_counter() - self._since

    def is_due(self, name: str, interval_s: float, share: float = 1.0) -> bool:
        """Whether `interval_s` has passed since it was last due; longer if it took more than `share` of the time."""
        now = time.monotonic()
        if now - self._last.get(name, -math.inf) < max(interval_s, self._cost_s.get(name, 0.0) / share):
            return False
        self._last[name] = now
        return True

    def finished(self, name: str) -> None:
        """Take the time since `is_due` as the cost of `name`, a second at most: the run may have been paused meanwhile."""
        self._cost_s[name] = min(1.0, time.monotonic() - self._last[name])
