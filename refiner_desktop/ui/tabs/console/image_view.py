"""An image that came as an answer."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from refiner_desktop.api.exchange import Body
from refiner_desktop.ui.amounts import number

MOST_BYTES = 64 << 20


class ImageView(QWidget):
    """Shows an image as large as there is room, and never larger than it is."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("console.image")
        self.setAccessibleName("Image of the answer")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._image = QImage()

    @property
    def words(self) -> str:
        """How large the image is."""
        return f"Image, {number(self._image.width())} × {number(self._image.height())} pixels"

    async def show_image(self, body: Body) -> bool:
        """Show what is in a body; return False where that is no image that can be read."""
        if len(body) > MOST_BYTES:
            return False
        self._image = await asyncio.to_thread(QImage.fromData, bytes(body))
        self.setAccessibleDescription(self.words)
        self.update()
        return not self._image.isNull()

    # Reimplemented Qt methods

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 60)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        if self._image.isNull():
            return
        room = self._image.size().boundedTo(self.size())
        fit = self._image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, fit.width(), fit.height())
        place.moveCenter(self.rect().center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
