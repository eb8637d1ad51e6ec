"""Training: plan, duties from new policies, sessions, sign-in, quiz and contests."""
