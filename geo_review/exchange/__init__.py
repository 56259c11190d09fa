"""What the province is handed, as files: profiles say what goes in. Sends nothing, stores nothing (pure)."""
