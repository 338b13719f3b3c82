"""What the application does, told without a widget: each service awaits the parts below it."""
