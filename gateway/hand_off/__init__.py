"""Where a call goes when not to the AI agent: to a person, to a queue, or to another agent."""
