"""Messages to customers: the outbox, the links in them, and how they leave the building."""
