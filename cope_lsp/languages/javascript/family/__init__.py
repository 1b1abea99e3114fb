"""What the queries of JavaScript and TypeScript have in common."""
