"""`python -m circle15 setup`: what a new city still lacks, also before anybody has an account."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.setting_up.looking import look
from circle15.assessments.setting_up.steps import StepState

_MARKS = {
    StepState.DONE: "完成",
    StepState.PARTLY: "部分",
    StepState.MISSING: "缺少",
    StepState.NOT_SET: "未设",
}


class Command(BaseCommand):
    help = "从空系统到可以运行还缺什么，按次序列出；只读，不改变任何内容"

    def handle(self, *_args: Any, **_options: Any) -> None:
        with area_scope(EVERYWHERE):
            found = look(EVERYWHERE, at=timezone.now())
        for number, step in enumerate(found.steps, 1):
            self.stdout.write(f"{number:2} [{_MARKS[step.state]}] {step.title}：{step.told}")
            if step.lacks:
                more = f"，另有 {step.more} 个" if step.more else ""
                self.stdout.write(f"      尚缺 {'、'.join(step.lacks)}{more}")
            if step.command and step.state != StepState.DONE:
                self.stdout.write(f"      {step.command}")
        self.stdout.write(f"必做 {len(found.needed)} 步，已完成 {found.done} 步")
