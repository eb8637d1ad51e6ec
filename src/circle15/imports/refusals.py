"""Why a whole file, sheet or import cannot be taken."""

from circle15.accounts.refusals import Refused
from circle15.areas.wording import worded
from circle15.core.messages import Message


class ImportRefused(Refused):
    """A refusal that may be stored: said when it is read, in the language of who reads it."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message)

    def __str__(self) -> str:
        return worded(self.message)


class FileRefused(ImportRefused):
    """The file cannot be read as a table; the message says what to do."""


class HasBadRows(ImportRefused):
    """All rows were to be right, and some are not: nothing was written."""

    def __init__(self, failed: int) -> None:
        self.failed = failed
        super().__init__(
            Message(
                "有%(count)s行存在错误，没有导入任何数据。请修改后重新上传，或选择跳过有错的行。",
                count=failed,
            )
        )


class CodesTaken(ImportRefused):
    """A code belongs to a record outside the actor's area, which cannot be shown."""

    def __init__(self) -> None:
        super().__init__(Message("有编码已被其他地区的记录使用，没有导入任何数据，请核对编码。"))


class RunGone(ImportRefused):
    """The file of a checked import is no longer there."""

    def __init__(self) -> None:
        super().__init__(Message("校验过的文件已删除（保留7天）或已放弃，请重新上传。"))


class NotChecked(ImportRefused):
    """The check or the writing of a large file is not at its end yet."""

    def __init__(self) -> None:
        super().__init__(Message("这个文件还在处理，请等处理完成后再操作。"))
